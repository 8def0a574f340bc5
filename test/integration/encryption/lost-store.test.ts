import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { RequestRecord } from '../../lab/proxy/request-log.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { finalCount } from '../failure/finals.ts';
import { MetBot, type Meeting } from '../failure/met-bot.ts';
import { BoundedDisk, canMount } from './bounded-disk.ts';
import { clearMessages } from './sealed-traffic.ts';

let lab: Lab;
let alice: EncryptedPerson;
let bot: MetBot;
let meeting: Meeting;

beforeAll(async () => {
  lab = await startLab({ name: 'lost-store', people: [] });
  const { baseUrl } = lab.synapse;
  alice = await EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart: 'alice' }));
  meeting = { people: [{ user: alice.userId, role: 'admin' }], entering: [alice] };
  bot = await MetBot.meet(lab, meeting);
});
afterEach(() => {
  expect(clearMessages(lab.proxy.log.all())).toEqual([]);
});
afterAll(async () => {
  await alice.stop();
  await lab.stop();
});

const isWord = ({ method, path }: RequestRecord): boolean =>
  method === 'PUT' && /\/send(ToDevice)?\//.test(path);

const words = (): number => lab.proxy.log.all().filter(isWord).length;

function tamper(sql: string): void {
  const database = new DatabaseSync(bot.file('device.sqlite'), { timeout: 60_000 });
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** What a life that can't go on says; it must end by itself. */
async function endOf(): Promise<{ code: number | null; log: string }> {
  const life = await bot.start({ waitReady: false });
  const { code } = await life.exited;
  return { code, log: life.output() };
}

describe('a bot whose keys are not what they were ends, says why, and sends nothing', () => {
  test('rows of the crypto store that were changed', async () => {
    await bot.term();
    const before = words();
    const file = readFileSync(bot.file('device.sqlite'));
    tamper(`UPDATE indexed_db_row SET sealed = zeroblob(length(sealed))
      WHERE rowid = (SELECT min(rowid) FROM indexed_db_row)`);
    const { code, log } = await endOf();
    expect(code).toBe(1);
    expect(log).toContain('E_CRYPTO_STORE_CORRUPT');
    expect(log).toContain('rm -f');
    expect(log).not.toContain('from a backup');
    expect(words()).toBe(before);
    writeFileSync(bot.file('device.sqlite'), file);
    await bot.start();
    expect((await alice.ask(bot.room, '!version')).outcome).toBe('ok');
  });

  test('rows of the crypto store that were taken out', async () => {
    await bot.term();
    const before = words();
    const file = readFileSync(bot.file('device.sqlite'));
    tamper('DELETE FROM indexed_db_row');
    const { code, log } = await endOf();
    expect(code).toBe(78);
    expect(log).toContain('E_CRYPTO_KEYS_LOST');
    expect(words()).toBe(before);
    writeFileSync(bot.file('device.sqlite'), file);
    await bot.start();
    expect((await alice.ask(bot.room, '!version')).outcome).toBe('ok');
  });

  test('another master key', async () => {
    await bot.term();
    const before = words();
    const key = join(dirname(bot.file('x')), '../secrets/master-key');
    const right = readFileSync(key);
    writeFileSync(key, `${randomBytes(32).toString('base64')}\n`);
    const { code, log } = await endOf();
    writeFileSync(key, right);
    expect(code).toBe(78);
    expect(log).toMatch(/E_[A-Z_]*KEY/);
    expect(words()).toBe(before);
    await bot.start();
    expect((await alice.ask(bot.room, '!version')).outcome).toBe('ok');
  });
});

test('a write to the crypto store is refused while the bot runs: it ends before it says a word more', async () => {
  await alice.ask(bot.room, '!version');
  const life = bot.process;
  // A slow answer is followed by its ✅, which is a word, too.
  await until(
    'nothing waits to be sent',
    async () => ((await life.page('/metrics')).includes('urtc_outbox_queued 0') ? true : undefined),
    { timeoutMs: 60_000 },
  );
  tamper(`CREATE TRIGGER broken BEFORE INSERT ON indexed_db_row
    BEGIN SELECT RAISE(FAIL, 'refused'); END`);
  lab.proxy.log.clear();
  const order = bot.order();
  const command = await alice.send(bot.room, order.line);
  expect(await life.exited).toEqual({ code: 1, signal: null });
  expect(life.output()).toContain('E_CRYPTO_FAILED');
  expect(words()).toBe(0);
  tamper('DROP TRIGGER broken');
  await bot.start();
  const answer = await alice.answerTo(bot.room, command);
  expect(answer.outcome).toBe('ok');
  expect(answer.event.encryption?.verdict).toBe('trusted');
  expect(await bot.runsOf(order)).toBe(1);
  expect(await finalCount(alice, bot.room, command)).toBe(1);
});

test.runIf(canMount())(
  'the disk is full while the bot runs, its reserve too: it ends, and the next life answers once',
  async () => {
    const small = await MetBot.unborn(lab, meeting);
    using disk = new BoundedDisk(dirname(small.file('x')), 64);
    const invited = alice.invitation();
    await small.start();
    small.room = await invited;
    await alice.join(small.room);
    await alice.ask(small.room, '!version');
    const life = small.process;
    let ended: number | null | undefined;
    void life.exited.then(({ code }) => (ended = code));
    const commands: string[] = [];
    for (let i = 0; i < 60 && ended === undefined; i += 1) {
      disk.fill();
      const command = await alice.send(small.room, '!whoami');
      commands.push(command);
      await Promise.race([life.exited, alice.answerTo(small.room, command)]);
    }
    process.stdout.write(`ended with ${ended} after ${commands.length} commands\n`);
    expect(ended).toBe(77);
    expect(life.output()).toContain('E_STORE_FULL');
    disk.empty();
    await small.start();
    for (const command of commands) {
      expect((await alice.answerTo(small.room, command)).event.encryption?.verdict).toBe('trusted');
      expect(await finalCount(alice, small.room, command)).toBe(1);
    }
    await small.term();
  },
);
