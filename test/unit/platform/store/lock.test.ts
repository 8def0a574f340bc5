import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock } from '../../../../src/platform/store/lock.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { startChild } from './child-process.ts';
import { tempFolder } from './temp-folder.ts';

describe('the lock of a data folder', () => {
  it('[#6] a second process fails at once with E_STORE_LOCKED and the pid of the first', async () => {
    const folder = tempFolder();
    const first = startChild('hold-lock', [folder]);
    await first.line('held');
    const second = startChild('hold-lock', [folder]);
    expect(await second.ended).toBe(69);
    expect(second.lines).toEqual([`E_STORE_LOCKED "${first.pid}"`]);
  });

  it('[#6] a starter that waits says so, and goes on when the holder is killed with -9', async () => {
    const folder = tempFolder();
    const holder = startChild('hold-lock', [folder]);
    await holder.line('held');
    const starter = startChild('hold-lock', [folder, 'wait']);
    await starter.line(`waiting ${holder.pid}`);
    expect(starter.lines).not.toContain('held');
    await holder.kill();
    await starter.line('held');
    expect(JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8'))).toMatchObject({
      pid: starter.pid,
    });
  });

  it('is held against the own process as well, and given back by release', async () => {
    const folder = tempFolder();
    const lock = await acquireLock(folder);
    await expect(acquireLock(folder)).rejects.toMatchObject({
      code: 'E_STORE_LOCKED',
      params: { pid: String(process.pid), folder },
    });
    lock.release();
    const again = await acquireLock(folder);
    // A second release of the first must not take it from the second holder.
    lock.release();
    await expect(acquireLock(folder)).rejects.toMatchObject({ code: 'E_STORE_LOCKED' });
    again.release();
  });

  it('tells the waiting person at once and then every 5 s, until the signal (fake clock)', async () => {
    const folder = tempFolder();
    const lock = await acquireLock(folder);
    const stop = new AbortController();
    let time = 0;
    const told: number[] = [];
    await expect(
      acquireLock(folder, {
        wait: { signal: stop.signal, onWaiting: () => told.push(time) },
        clock: {
          ...systemClock,
          monotonic: () => time,
          sleep: (ms) => {
            time += ms;
            if (time > 11_000) stop.abort(new Error('enough'));
            return Promise.resolve();
          },
        },
      }),
    ).rejects.toThrow('enough');
    expect(told).toEqual([0, 5000, 10_000]);
    lock.release();
  });

  it('closes the folder and its files to other users', async () => {
    const folder = tempFolder();
    chmodSync(folder, 0o755);
    const lock = await acquireLock(folder);
    const modes = ['', 'lock.sqlite', 'lock.json'].map(
      (name) => statSync(join(folder, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600]);
    lock.release();
  });
});
