import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startLab, type Lab } from '../../lab/lab.ts';
import { newRunFolder } from '../../lab/run-folder.ts';
import { insertAccounts } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'synapse', encrypted: false, people: ['alice', 'bob'] });
});
afterAll(() => lab.stop());

const firstLine = (stream: Readable): Promise<number> =>
  new Promise((resolve) => {
    createInterface({ input: stream }).once('line', (line) => {
      resolve(Number(line));
    });
  });

describe('the home server of the lab', () => {
  it('keeps messages and its address over a restart', async () => {
    const alice = lab.person('alice');
    const roomId = await lab.room('talk', [alice]);
    const before = await alice.send(roomId, 'before');
    await lab.synapse.restart();
    const after = await alice.send(roomId, 'after');
    await alice.sees(roomId, after);
    const ids = (await alice.messages(roomId)).map((event) => event.event_id);
    expect(ids.slice(-2)).toEqual([before, after]);
  });

  it('forgets what came after a snapshot, and answers the newer sync token with an older one', async () => {
    const bob = lab.person('bob');
    const roomId = await bob.createRoom();
    await bob.sees(roomId, await bob.send(roomId, 'kept'));
    const snapshot = await lab.synapse.snapshot();
    const lost = await bob.send(roomId, 'lost');
    await bob.sees(roomId, lost);
    // Which is over with the sync that brought the event, and so has its token.
    await bob.stop();
    const { position = '' } = bob;

    await lab.synapse.restore(snapshot);
    const query = new URLSearchParams({ since: position, timeout: '0' });
    const answer = await bob.request({ path: `/_matrix/client/v3/sync?${query.toString()}` });
    const { next_batch: next } = z.object({ next_batch: z.string() }).parse(answer);
    const eventPosition = (token: string): number =>
      Number(/^s(\d+)_/.exec(token)?.[1] ?? Number.NaN);
    expect(eventPosition(next)).toBeLessThan(eventPosition(position));

    await bob.lookAgain();
    expect(bob.timeline(roomId).has(lost)).toBe(false);
    const next2 = await bob.send(roomId, 'a new time line');
    await bob.sees(roomId, next2);
  });

  it('shows a moved clock in origin_server_ts, also after a restart, while timers stay true', async () => {
    const alice = lab.person('alice');
    const roomId = await lab.room('clock', [alice]);
    const ahead = async (): Promise<number> => {
      const event = await alice.sees(roomId, await alice.send(roomId, 'what time is it?'));
      return event.origin_server_ts - Date.now();
    };
    const tenMinutes = 600_000;
    await lab.synapse.setClock(tenMinutes);
    expect(Math.abs((await ahead()) - tenMinutes)).toBeLessThan(60_000);
    await lab.synapse.restart();
    expect(Math.abs((await ahead()) - tenMinutes)).toBeLessThan(60_000);
    await lab.synapse.setClock(-tenMinutes);
    expect(Math.abs((await ahead()) + tenMinutes)).toBeLessThan(60_000);
    await lab.synapse.setClock(0);
    expect(Math.abs(await ahead())).toBeLessThan(60_000);
  });

  it('does nothing while it is paused, and goes on afterwards', async () => {
    const alice = lab.person('alice');
    const roomId = await lab.room('pause', [alice]);
    lab.synapse.pause();
    let isSent = false;
    const sending = alice.send(roomId, 'patience').then((id) => {
      isSent = true;
      return id;
    });
    const probe = fetch(`${lab.synapse.baseUrl}/_matrix/client/versions`, {
      signal: AbortSignal.timeout(300),
    });
    await expect(probe).rejects.toThrow(/timeout/i);
    expect(isSent).toBe(false);
    lab.synapse.resume();
    await alice.sees(roomId, await sending);
  });

  it('lists a thousand accounts that were written into its database', async () => {
    insertAccounts(
      lab.synapse.folder,
      Array.from({ length: 1000 }, (_, i) => `many${i}`),
    );
    const path = '/_synapse/admin/v2/users?limit=2000&name=many';
    const answer = await lab.admin.request({ path });
    expect(z.object({ total: z.number() }).parse(answer).total).toBe(1000);
  });

  it('dies with a starter that is killed by kill -9, even while it is paused', async () => {
    const folder = join(newRunFolder('orphan'), 'synapse');
    const starter = spawn(process.execPath, [join(import.meta.dirname, 'starter.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await firstLine(starter.stdout);
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    process.kill(pid, 'SIGSTOP');
    starter.kill('SIGKILL');
    await until('the end of Synapse', () => (existsSync(`/proc/${pid}`) ? undefined : true), {
      timeoutMs: 60_000,
    });
  });
});
