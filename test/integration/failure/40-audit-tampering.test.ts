import { cpSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bodyOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { urtc } from '../../lab/product.ts';
import { until } from '../../lab/wait.ts';
import { MetBot } from './met-bot.ts';

const anchorType = 'io.urtc.audit_anchor';
const anchorContent = z.object({ count: z.number() });

let lab: Lab;
let alice: Person;

beforeAll(async () => {
  lab = await startLab({ name: 'audit-tampering' });
  alice = lab.person('alice');
});
afterAll(() => lab.stop());

/** The file of the device is in no backup: an older one would read again what was read. */
const isOfDevice = (path: string): boolean => basename(path).startsWith('device.sqlite');

/** The data folder of a stopped bot, to be put back after a test has spoilt it. */
class Shelf {
  readonly #data: string;
  readonly #copy: string;

  constructor(bot: MetBot, name: string) {
    this.#data = dirname(bot.file('state.sqlite'));
    this.#copy = join(lab.folder, `copy-${bot.name}-${name}`);
    cpSync(this.#data, this.#copy, { recursive: true, filter: (path) => !isOfDevice(path) });
  }

  putBack(): void {
    for (const name of readdirSync(this.#data)) {
      if (!isOfDevice(name)) rmSync(join(this.#data, name), { recursive: true });
    }
    cpSync(this.#copy, this.#data, { recursive: true });
  }
}

/** Runs SQL on the file of a stopped bot, as somebody who has the file but not the key. */
function tamper(bot: MetBot, ...sql: readonly string[]): void {
  const database = new DatabaseSync(bot.file('state.sqlite'));
  try {
    // What keeps our own mistakes from changing the log stops nobody who has the file.
    const triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'";
    for (const { name } of database.prepare(triggers).all()) {
      database.exec(`DROP TRIGGER ${String(name)}`);
    }
    for (const each of sql) database.exec(each);
  } finally {
    database.close();
  }
}

const linesIn = (bot: MetBot): number => {
  const database = new DatabaseSync(bot.file('state.sqlite'), { readOnly: true });
  try {
    const row = database.prepare('SELECT max(sequence) AS count FROM audit').get();
    return Number(row?.['count']);
  } finally {
    database.close();
  }
};

const anchored = async (bot: MetBot): Promise<number> => {
  const content = await alice.state(bot.room, anchorType, bot.userId);
  return anchorContent.catch({ count: 0 }).parse(content).count;
};

const terminalVerdict = async (bot: MetBot, configFile: string): Promise<string> => {
  const { stdout, stderr } = await urtc(['audit', 'verify', '--config', configFile]);
  return `${bot.name}: ${stdout}${stderr}`;
};

const accept = (configFile: string) =>
  urtc(['bot', 'accept-audit', '--yes', '--config', configFile]);

/** Ends it in order, with the head of its log in the room. */
async function endAnchored(bot: MetBot): Promise<void> {
  for (let life = 1; ; life += 1) {
    const { process } = bot;
    await bot.term();
    // An end does not wait for ever: on a machine that is busy the last words are left to the next life.
    if (life === 3 || !process.output().includes('some messages wait for the next start')) return;
    await bot.start();
  }
}

/** A bot with a log of some lines whose head is in the room; stopped. */
async function withLog(meeting: Parameters<typeof MetBot.meet>[1] = {}) {
  const bot = await MetBot.meet(lab, meeting);
  const { configFile } = bot.process;
  for (const line of ['!user list', '!whoami', '!token create', '!user show alice']) {
    await alice.ask(bot.room, line);
  }
  await endAnchored(bot);
  expect(await anchored(bot)).toBe(linesIn(bot));
  return { bot, configFile };
}

const from = (bot: MetBot) => (event: LabEvent) =>
  event.sender === bot.userId && event.content['io.urtc.notice'] === true;

describe('the audit log of a stopped bot, spoilt by somebody who has the file but not the key', () => {
  const flip = `UPDATE audit SET entry = replace(entry, '"ok"', '"no"') WHERE sequence = 3`;
  const drop = 'DELETE FROM audit WHERE sequence = 3';
  const reorder = [
    'UPDATE audit SET sequence = -1 WHERE sequence = 3',
    'UPDATE audit SET sequence = 3 WHERE sequence = 4',
    'UPDATE audit SET sequence = 4 WHERE sequence = -1',
  ];
  const cut = 'DELETE FROM audit WHERE sequence > (SELECT max(sequence) - 2 FROM audit)';

  test('[#40] flipped, dropped, reordered, cut: the room and the terminal tell, and go on telling', async () => {
    const { bot, configFile } = await withLog();
    const whole = new Shelf(bot, 'whole');
    const lines = linesIn(bot);
    for (const [sql, told] of [
      [[flip], 'Line 3 was changed'],
      [[drop], 'Line 3 is missing'],
      [reorder, 'Line 3 is not in its place'],
      [[cut], `there are ${lines - 2} lines, and there were at least ${lines}`],
    ] as const) {
      tamper(bot, ...sql);
      const since = alice.mark(bot.room);
      await bot.start({ waitReady: false });
      const notice = await alice.waitFor(bot.room, from(bot), { since });
      expect(bodyOf(notice)).toContain(told);
      expect(await bot.process.status('/readyz')).toBe(503);
      expect(await bot.process.page('/readyz')).toMatch(/"part":"audit","reason":"[^"]+/);
      const verify = await alice.ask(bot.room, '!audit verify');
      expect(verify.outcome).toBe('failed');
      if (sql[0] !== cut) {
        // No anchor can vouch for a file that does not hold by itself.
        const refused = await accept(configFile);
        expect([refused.code, refused.stdout]).toEqual([77, expect.stringContaining(told)]);
      }
      // New lines stand where the cut ones stood: then it is their content that is not the anchored one.
      const later = sql[0] === cut ? /was changed|there were at least/ : new RegExp(told);
      expect(verify.body).toMatch(later);
      expect(await terminalVerdict(bot, configFile)).toMatch(later);
      await bot.term();
      if (sql[0] === cut) {
        await bot.start({ waitReady: false });
        for (let i = 0; i < 3; i += 1) await alice.ask(bot.room, '!version');
        expect((await alice.ask(bot.room, '!audit verify')).outcome).toBe('failed');
        const state = await alice.ask(bot.room, '!status');
        expect(state.outcome).toBe('warning');
        expect(state.body).toContain('The audit log is not to be trusted');
        await bot.term();
      }
      expect(await anchored(bot), 'the proof stays').toBe(lines);
      whole.putBack();
    }
    await bot.start();
    const fine = await alice.ask(bot.room, '!audit verify');
    expect(fine.outcome).toBe('ok');
    expect(fine.body).toContain(`Up to line ${lines} the admin room vouches for it`);
    await bot.term();
  });

  test('[#40] the whole older file, with what it had not sent yet; the owner may go on from it', async () => {
    const { bot, configFile } = await withLog();
    const old = new Shelf(bot, 'old');
    const oldLines = linesIn(bot);
    await bot.start();
    await alice.ask(bot.room, '!user list');
    await endAnchored(bot);
    const newer = await anchored(bot);
    expect(newer).toBeGreaterThan(oldLines);
    old.putBack();
    // A head that waited to be sent when the copy was made.
    tamper(
      bot,
      `UPDATE outbox SET state = 'queued', event_id = NULL, ended_at = NULL, first_tried_at = NULL,
         body = json_object('kind', 'state', 'eventType', '${anchorType}', 'stateKey', '${bot.userId}',
           'content', json_object('count', ${oldLines}, 'hash',
             (SELECT lower(hex(hash)) FROM audit WHERE sequence = ${oldLines})))
       WHERE lane = 'audit anchor'`,
    );
    await bot.start({ waitReady: false });
    const verify = await alice.ask(bot.room, '!audit verify');
    expect(verify.outcome).toBe('failed');
    await bot.term();
    expect(await anchored(bot)).toBe(newer);

    const start = alice.mark(bot.room);
    await bot.start({ waitReady: false });
    await alice.waitFor(bot.room, from(bot), { since: start });
    const asked = await urtc(['bot', 'accept-audit', '--config', configFile]);
    expect([asked.code, asked.stdout]).toEqual([77, expect.stringContaining('--yes')]);
    const since = alice.mark(bot.room);
    const accepted = await accept(configFile);
    expect(accepted.code, accepted.stdout).toBe(0);
    const notice = await alice.waitFor(bot.room, from(bot), { since });
    expect(bodyOf(notice)).toContain('accepted the audit log as it is');
    expect(await bot.process.status('/readyz')).toBe(200);
    expect((await alice.ask(bot.room, '!audit verify')).outcome).toBe('ok');
    expect((await alice.ask(bot.room, '!audit --command "bot accept-audit"')).body).toContain(
      'bot accept-audit',
    );
    expect((await accept(configFile)).code).toBe(64);
    await bot.term();
    await bot.start();
    expect((await alice.ask(bot.room, '!audit verify')).body).toContain(
      'the admin room vouches for it',
    );
    await bot.term();
  });

  test('[#40] on the terminal without a bot: what the file itself shows, and that the end is not vouched for', async () => {
    const { bot, configFile } = await withLog();
    const whole = new Shelf(bot, 'alone');
    expect(await terminalVerdict(bot, configFile)).toContain('a cut tail would not be seen');
    for (const [sql, told] of [
      [[flip], 'Line 3 was changed'],
      [[drop], 'Line 3 is missing'],
      [reorder, 'Line 3 is not in its place'],
    ] as const) {
      tamper(bot, ...sql);
      expect(await terminalVerdict(bot, configFile)).toContain(told);
      whole.putBack();
    }
  });
});

describe('the anchor in a room where a person has power level 100', () => {
  test('[#40] he can not write it, and when he removes it that is told', async () => {
    const bot = await MetBot.unborn(lab);
    const power = { [alice.userId]: 100, [bot.userId]: 50 };
    bot.room = await alice.createRoom({
      invite: [bot.userId],
      // In newer versions who creates a room stands above all numbers.
      roomVersion: '11',
      more: { power_level_content_override: { users: power } },
    });
    const settings = { adminRoom: bot.room };
    await bot.start({ settings });
    await alice.ask(bot.room, '!version');
    await bot.introduced(alice);
    // Anchored is what was done, but after it.
    await until('an anchor', async () => ((await anchored(bot)) > 0 ? true : undefined), {
      timeoutMs: 40_000,
    });
    const content = { count: 0, hash: '0'.repeat(64) };
    await expect(alice.setState(bot.room, anchorType, content, bot.userId)).rejects.toThrow(
      'M_FORBIDDEN',
    );
    await alice.setState(bot.room, anchorType, content);
    await alice.setState(bot.room, anchorType, content, alice.userId);
    const fine = await alice.ask(bot.room, '!audit verify');
    expect(fine.outcome).toBe('ok');
    expect(fine.body).toContain('the admin room vouches for it');
    await bot.term();

    // The one that is in force: she may not have seen it yet.
    const count = await anchored(bot);
    const anchor = await alice.waitFor(
      bot.room,
      ({ type, state_key: key, content: has }) =>
        type === anchorType && key === bot.userId && has['count'] === count,
    );
    await alice.redact(bot.room, anchor.event_id);
    const since = alice.mark(bot.room);
    await bot.start({ settings });
    const notice = await alice.waitFor(bot.room, from(bot), { since });
    expect(bodyOf(notice)).toContain('Somebody removed the anchor');
    await until('a new anchor', async () => ((await anchored(bot)) > 0 ? true : undefined), {
      timeoutMs: 40_000,
    });
    await bot.term();
  });
});
