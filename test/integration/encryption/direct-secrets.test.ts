import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { bodyOf, repliesTo, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import type { SyncJson } from '../../lab/proxy/rules.ts';
import { urtc } from '../../lab/product.ts';
import { login, register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { MetBot } from '../failure/met-bot.ts';

let lab: Lab;
let bot: MetBot;
let alice: EncryptedPerson;
let bob: EncryptedPerson;
/** The direct room of alice. */
let direct: string;
const more: Person[] = [];

beforeAll(async () => {
  lab = await startLab({ name: 'direct-secrets', people: [] });
  const { baseUrl } = lab.synapse;
  alice = await EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart: 'alice' }));
  bob = await EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart: 'bob' }));
  const people = [alice, bob].map(({ userId: user }) => ({ user, role: 'admin' as const }));
  bot = await MetBot.meet(lab, {
    people,
    entering: [alice, bob],
    settings: { encryptAdminRoom: true, log: { level: 'debug' } },
  });
});
afterAll(async () => {
  await Promise.all([alice, bob, ...more].map((person) => person.stop()));
  await lab.stop();
});

const password = /[a-z0-9]{5}(?:-[a-z0-9]{5}){3}/;
const isSecret = (event: LabEvent): boolean => event.content['io.urtc.secret'] === true;
const secretIn = (event: LabEvent): string => password.exec(bodyOf(event))?.[0] ?? 'none';
const secretsSeen = (room: string): string[] => alice.timeline(room).filter(isSecret).map(secretIn);

/** Answers of sync in which nothing was said in this room. */
const joined = z.looseObject({
  rooms: z.looseObject({ join: z.record(z.string(), z.unknown()) }),
});
const without =
  (room: string) =>
  (answer: SyncJson): SyncJson => {
    const parsed = joined.safeParse(answer);
    if (!parsed.success) return answer;
    const { rooms } = parsed.data;
    const others = Object.entries(rooms.join).filter(([id]) => id !== room);
    return { ...answer, rooms: { ...rooms, join: Object.fromEntries(others) } };
  };

async function order(line: string): Promise<string> {
  const answer = await alice.ask(bot.room, line);
  expect(answer.outcome).toBe('ok');
  expect(answer.body).toContain('in our direct chat');
  const replies = alice
    .timeline(bot.room)
    .filter((event) => repliesTo(event) === answer.commandId && event.type === 'm.room.message')
    .filter((event) => event.content['io.urtc.status'] !== true);
  expect(replies).toHaveLength(1);
  return /secret show ([A-Z0-9-]+)/.exec(answer.body)?.[1] ?? 'no code';
}

const show = (code: string) => urtc(['secret', 'show', code, '--config', bot.process.configFile]);

/** How often a secret was handed over, as the log of this life says. */
const handedOver = (): number => bot.process.output().split('a secret was handed over').length - 1;

async function expectUsedUp(code: string): Promise<void> {
  const { code: exit, stdout, stderr } = await show(code);
  expect(exit).toBe(64);
  expect(stdout + stderr).toContain('E_SECRET_CODE_UNKNOWN');
}

/** Everything that the bot and the home server keep, and all that was said in the admin room. */
async function kept(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const data = join(dirname(bot.process.configFile), 'data');
  const files = readdirSync(data, { recursive: true, withFileTypes: true });
  for (const file of files.filter((each) => each.isFile())) {
    const path = join(file.parentPath, file.name);
    found.set(file.name, readFileSync(path, 'latin1'));
  }
  const server = new DatabaseSync(join(lab.synapse.folder, 'homeserver.db'), {
    readOnly: true,
    timeout: 60_000,
  });
  try {
    const rows = server.prepare('SELECT json FROM event_json').all();
    found.set('events', rows.map((row) => String(row['json'])).join('\n'));
  } finally {
    server.close();
  }
  found.set('log', bot.process.output());
  found.set('admin room', JSON.stringify(await alice.messages(bot.room)));
  return found;
}

async function expectNowhere(secret: string): Promise<void> {
  expect(secret).toMatch(password);
  const places = await kept();
  expect([...places.keys()]).toEqual(expect.arrayContaining(['state.sqlite', 'device.sqlite']));
  const found = [...places].filter(([, text]) => text.includes(secret));
  expect(found.map(([place]) => place)).toEqual([]);
}

test('a secret waits for its person, then comes into an encrypted direct room and is nowhere else', async () => {
  const code = await order('!user add one');
  direct = await alice.directInvitation();
  expect(await alice.ask(bot.room, '!version')).toMatchObject({ outcome: 'ok' });
  expect(handedOver()).toBe(0);
  await alice.join(direct);
  const event = await alice.waitFor(direct, isSecret);
  expect(event.encryption).toMatchObject({ wasEncrypted: true, verdict: 'trusted' });
  expect((await alice.rawEvent(direct, event.event_id)).type).toBe('m.room.encrypted');
  const { userId } = await login(lab.synapse.baseUrl, 'one', secretIn(event));
  expect(userId).toBe('@one:lab.test');
  const state = (type: string) => alice.state(direct, type);
  expect(await state('m.room.join_rules')).toMatchObject({ join_rule: 'invite' });
  expect(await state('m.room.create')).toMatchObject({ 'm.federate': false });
  expect(await state('m.room.history_visibility')).toMatchObject({ history_visibility: 'joined' });
  await until('it is noted', () => (handedOver() === 1 ? true : undefined), { timeoutMs: 60_000 });
  await expectUsedUp(code);
  await expectNowhere(secretIn(event));
});

test('a device that alice has not signed gets no key for it', async () => {
  const unsigned = await alice.newDevice({ signed: false });
  more.push(unsigned);
  const since = alice.mark(direct);
  await order('!user password one');
  const event = await alice.waitFor(direct, isSecret, { since });
  const theirs = await unsigned.sees(direct, event.event_id);
  expect(theirs.encryption?.verdict).toBe('undecryptable');
});

test('commands are not taken in the direct room, which is said once', async () => {
  const said = (): number =>
    alice.timeline(direct).filter((event) => bodyOf(event).includes('I take no commands here'))
      .length;
  const taken = bot.order();
  await alice.send(direct, taken.line);
  const told = await alice.waitFor(direct, (event) =>
    bodyOf(event).includes('I take no commands here'),
  );
  // A link, which clients show by the room's name.
  const link = `https://matrix.to/#/${encodeURIComponent(bot.room)}?via=`;
  expect(bodyOf(told)).toContain(link);
  expect(told.content['formatted_body']).toContain(`<a href="${link}`);
  await alice.send(direct, taken.line);
  await alice.ask(bot.room, '!version');
  expect(said()).toBe(1);
  expect(await bot.runsOf(taken)).toBe(0);
});

test('[#5] killed when the secret is sent and the code not used up: the same event, never two', async () => {
  const before = secretsSeen(direct).length;
  const path = new RegExp(`/rooms/${encodeURIComponent(direct)}/send/m\\.room\\.encrypted/`);
  const begun = lab.proxy.log.count();
  // Its own event, come back by sync, would tell it.
  lab.proxy.add({
    match: { path: /\/sync$/ },
    fault: { action: 'rewriteSync', change: without(direct) },
  });
  lab.proxy.cut();
  const rule = lab.proxy.add({
    match: { method: 'PUT', path },
    fault: { action: 'trickle', bytes: 1, everyMs: 30_000 },
    times: 1,
  });
  const code = await order('!user add two');
  await until('it is in the room', () => (secretsSeen(direct).length > before ? true : undefined), {
    timeoutMs: 60_000,
  });
  expect(rule.hits).toBe(1);
  await bot.kill9();
  lab.proxy.clear();
  await bot.start();
  await until('it is noted', () => (handedOver() === 1 ? true : undefined), { timeoutMs: 60_000 });
  await alice.ask(bot.room, '!version');
  expect(secretsSeen(direct)).toHaveLength(before + 1);
  const sends = lab.proxy.log
    .all()
    .slice(begun)
    .filter((request) => path.test(request.path));
  // Other words may follow: this test has made a gap in what the bot has read.
  expect(sends.filter((send) => send.path === sends[0]?.path)).toHaveLength(2);
  await expectUsedUp(code);
});

test('[#5] killed before the home server heard of it: it comes after the start', async () => {
  const before = secretsSeen(direct).length;
  const path = new RegExp(`/rooms/${encodeURIComponent(direct)}/send/m\\.room\\.encrypted/`);
  const rule = lab.proxy.add({ match: { method: 'PUT', path }, fault: { action: 'hang' } });
  const code = await order('!user add three');
  await until('it is on its way', () => (rule.hits > 0 ? true : undefined), { timeoutMs: 60_000 });
  await bot.kill9();
  lab.proxy.clear();
  await bot.start();
  await until('it is there', () => (secretsSeen(direct).length > before ? true : undefined), {
    timeoutMs: 60_000,
  });
  await until('it is noted', () => (handedOver() === 1 ? true : undefined), { timeoutMs: 60_000 });
  expect(secretsSeen(direct)).toHaveLength(before + 1);
  await expectUsedUp(code);
});

test('[#15] a direct chat of a listed person is entered; nothing secret is said in it once a third one is invited', async () => {
  const chat = await alice.createRoom({ invite: [bot.userId], more: { is_direct: true } });
  await alice.waitFor(
    chat,
    (event) => event.state_key === bot.userId && event.content['membership'] === 'join',
  );
  await alice.invite(chat, bob.userId);
  const code = await order('!user add four');
  const other = await alice.directInvitation();
  expect(other).not.toBe(chat);
  const events = await alice.messages(chat);
  const said = events.filter(
    ({ sender, type }) => sender === bot.userId && type !== 'm.room.member',
  );
  expect(said).toEqual([]);
  // Nobody has come into the other one: the code is still good.
  const { code: exit, stdout } = await show(code);
  expect(exit).toBe(0);
  expect(stdout).toMatch(password);
});

test('[#15] a direct chat with others in it, or of somebody who is not listed, is not the bot’s', async () => {
  const { baseUrl } = lab.synapse;
  const account = await register(baseUrl, { localpart: 'mallory' });
  const mallory = await EncryptedPerson.watching(baseUrl, account);
  more.push(mallory);
  const isDirect = { more: { is_direct: true } };
  const strange = await mallory.createRoom({ invite: [bot.userId], ...isDirect });
  const crowd = await alice.createRoom({ invite: [mallory.userId, bot.userId], ...isDirect });
  await alice.waitFor(
    crowd,
    (event) => event.state_key === bot.userId && event.content['membership'] === 'leave',
  );
  expect((await mallory.members(strange)).get(bot.userId)).toBe('invite');
});

test('where the admin room is plain, the secret is encrypted all the same', async () => {
  const { baseUrl } = lab.synapse;
  const account = await register(baseUrl, { localpart: 'dora' });
  const dora = await EncryptedPerson.watching(baseUrl, account);
  more.push(dora);
  const plain = await MetBot.meet(lab, {
    people: [{ user: dora.userId, role: 'admin' }],
    entering: [dora],
    settings: { encryptAdminRoom: false },
  });
  expect(await dora.state(plain.room, 'm.room.encryption')).toBeUndefined();
  const answer = await dora.ask(plain.room, '!user add five');
  expect(answer.body).toContain('If you have a verified device');
  const chat = await dora.directInvitation();
  await dora.join(chat);
  const event = await dora.waitFor(chat, isSecret);
  expect(event.encryption).toMatchObject({ wasEncrypted: true, verdict: 'trusted' });
  expect(JSON.stringify(await dora.messages(plain.room))).not.toContain(secretIn(event));
  await plain.term();
});
