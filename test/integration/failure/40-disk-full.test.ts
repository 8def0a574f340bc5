import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postTo } from '../../lab/alerts/alerting-bot.ts';
import { bodyOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { freePort } from '../../lab/ports.ts';
import { urtc } from '../../lab/product.ts';
import { posted } from '../../unit/bot/alerts/payloads.ts';
import { accountOf, makeByHand } from './accounts.ts';
import { MetBot } from './met-bot.ts';

/** Fills what is left of a file system with a real file. */
function fill(file: string): void {
  const descriptor = openSync(file, 'a');
  try {
    for (const size of [65_536, 512, 1]) fillWith(descriptor, Buffer.alloc(size, 1));
  } finally {
    closeSync(descriptor);
  }
}

function fillWith(descriptor: number, block: Buffer): void {
  try {
    for (let written = 0; written < 64 * 1024 * 1024;) written += writeSync(descriptor, block);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return;
    throw error;
  }
  throw new Error('the disk did not get full');
}

describe.runIf(process.getuid?.() === 0)('[#40] a disk that is really full (needs root)', () => {
  let lab: Lab;
  let alice: Person;
  let bot: MetBot;
  let disk: string;
  let filler: string;
  let webhook: string;

  beforeAll(async () => {
    lab = await startLab({ name: 'disk-full' });
    alice = lab.person('alice');
    disk = join(lab.folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=28m', 'tmpfs', disk]);
    filler = join(disk, 'filler');
    const port = await freePort();
    webhook = `http://127.0.0.1:${port}/alerts/alertmanager`;
    const token = join(lab.folder, 'alerts-token');
    writeFileSync(token, 'token-of-alertmanager-in-the-lab', { mode: 0o600 });
    bot = await MetBot.meet(lab, {
      settings: {
        dataDir: join(disk, 'data'),
        alerts: { token: { file: token }, listen: { port } },
      },
    });
    await makeByHand(lab, 'target', {});
  });
  afterAll(async () => {
    await lab.stop();
    execFileSync('umount', ['-l', disk]);
  });

  test('[#16] alerts get 503, changes are refused, reads are answered on the reserve, then a clean end that says why; nothing is lost', async () => {
    const run = (...args: string[]) => urtc([...args, '--config', bot.process.configFile]);
    expect(existsSync(join(disk, 'data', 'ballast'))).toBe(true);
    const before = await alice.ask(bot.room, '!user rename target Before');
    expect(before.outcome).toBe('ok');

    fill(filler);
    for (const line of ['!user rename target After', '!user lock target', '!user add another']) {
      const { outcome, body } = await alice.ask(bot.room, line);
      // The first write finds the disk full and frees the ballast: what came with it is done or refused.
      if (outcome === 'ok') continue;
      expect(outcome).toBe('refused');
      expect(body).toMatch(/E_STORE_FULL|E_AUDIT_UNWRITABLE/);
      expect(body).toContain('→');
    }
    expect(existsSync(join(disk, 'data', 'ballast'))).toBe(false);
    lab.proxy.log.clear();
    const refused = await alice.ask(bot.room, '!user lock target');
    expect(refused.body).toMatch(/E_STORE_FULL|E_AUDIT_UNWRITABLE/);
    expect((await run('user', 'lock', 'target')).code).toBe(77);
    expect(lab.proxy.log.count({ method: 'PUT', path: /\/admin\// })).toBe(0);
    expect((await accountOf(lab, 'target'))?.locked).toBe(false);

    // [#16] Alertmanager keeps an alert that can't be made durable.
    expect(await postTo({ webhook }, posted())).toBe(503);

    const reads = await Promise.all(
      Array.from({ length: 20 }, () => alice.ask(bot.room, '!user list')),
    );
    expect(reads.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 20 }, () => 'ok'));
    const status = await alice.ask(bot.room, '!status');
    expect(status.outcome).toBe('warning');
    expect((await run('version')).code).toBe(0);
    expect(await bot.process.status('/livez')).toBe(200);

    fill(filler);
    const last = await alice.send(bot.room, '!whoami');
    for (let i = 0; i < 40; i += 1) await alice.send(bot.room, '!version');
    const exit = await bot.process.exited;
    expect(exit).toEqual({ code: 77, signal: null });
    expect(bot.process.output()).toContain('E_STORE_FULL');
    expect(bot.process.output()).toContain('stopped');

    rmSync(filler);
    await bot.start();
    expect((await alice.answerTo(bot.room, last)).outcome).toBe('ok');
    expect((await alice.ask(bot.room, '!user lock target')).outcome).toBe('ok');
    expect((await alice.ask(bot.room, '!audit verify')).outcome).toBe('ok');
    const isTold = (event: LabEvent): boolean => bodyOf(event).includes('DiskLow');
    expect(alice.timeline(bot.room).filter(isTold)).toEqual([]);
    expect(await postTo({ webhook }, posted())).toBe(200);
    await alice.waitFor(bot.room, isTold, { timeoutMs: 30_000 });
  });

  test('full at the start: it runs on, refuses changes and says so', async () => {
    await bot.term();
    rmSync(join(disk, 'data', 'ballast'));
    const rest = join(disk, 'rest');
    fill(rest);
    // A little space, far less than the ballast wants.
    truncateSync(rest, statSync(rest).size - 6 * 1024 * 1024);
    await bot.start();
    expect((await alice.ask(bot.room, '!user list')).outcome).toBe('ok');
    const refused = await alice.ask(bot.room, '!user unlock target');
    expect(refused.body).toContain('E_STORE_FULL');
    rmSync(rest);
  });
});
