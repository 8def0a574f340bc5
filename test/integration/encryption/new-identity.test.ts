import { afterAll, beforeAll, expect, test } from 'vitest';
import { bodyOf, type LabEvent } from '../../lab/event.ts';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { askedBy } from '../failure/asked.ts';
import { MetBot } from '../failure/met-bot.ts';

let lab: Lab;
let bot: MetBot;
let room: string;
let alice: EncryptedPerson;
let bob: EncryptedPerson;

beforeAll(async () => {
  lab = await startLab({ name: 'new-identity', people: [] });
  const { baseUrl } = lab.synapse;
  const person = async (localpart: string): Promise<EncryptedPerson> =>
    EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart }));
  [alice, bob] = [await person('alice'), await person('bob')];
  const people = [alice, bob].map(({ userId: user }) => ({ user, role: 'admin' as const }));
  bot = await MetBot.meet(lab, { people, entering: [alice, bob] });
  room = bot.room;
});
afterAll(async () => {
  await Promise.all([alice, bob].map((person) => person.stop()));
  await lab.stop();
});

const says = (words: RegExp) => (event: LabEvent) =>
  event.sender === bot.userId && words.test(bodyOf(event));
const terminal = (...args: string[]) => urtc([...args, '--config', bot.process.configFile]);

test('[#32] a new identity has no role and gets no key until root on the server approves it', async () => {
  const first = bot.order();
  expect((await bob.ask(room, first.line)).outcome).toBe('ok');
  const before = await bob.masterKey();
  await register(lab.synapse.baseUrl, { localpart: 'victim' });
  const question = await askedBy(bob, room, '!user deactivate victim');

  const since = alice.mark(room);
  const from = bob.mark(room);
  await bob.resetIdentity();
  // It is seen when it is shown, and not when somebody speaks.
  await alice.waitFor(room, says(/It counts for nothing here/), { since });
  const seen = await terminal('bot', 'people');
  expect(seen.stdout).toContain('bot approve');
  const order = bot.order();
  await bob.send(room, order.line);
  await alice.waitFor(room, says(/new cryptographic identity/), { since });
  await alice.waitFor(room, says(/can't read what I write here/), { since });
  const { event } = await alice.ask(room, '!whoami');
  expect(await bot.runsOf(order)).toBe(0);
  const unread = await bob.sees(room, event.event_id);
  expect(unread.encryption).toMatchObject({
    verdict: 'undecryptable',
    reason: 'MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE',
  });

  const listed = await terminal('bot', 'people', '--json');
  expect(listed.stdout).toContain(bob.userId);
  const approved = await terminal('bot', 'approve', bob.userId, '--yes');
  expect(approved.stdout + approved.stderr).toContain('✅');
  expect(approved.code).toBe(0);

  await bob.waitFor(room, says(/new identity of @bob.* approved.* role admin again/), {
    since: from,
  });
  // Whoever was asked before was somebody else.
  await bob.send(room, question.code);
  await bob.waitFor(room, says(/no longer valid/), { since: from });

  const again = bot.order();
  const answer = await bob.ask(room, again.line);
  expect(answer.outcome).toBe('ok');
  expect(answer.event.encryption?.verdict).toBe('trusted');
  expect(await bot.runsOf(again)).toBe(1);
  // What was said with the identity of nobody stays unsaid.
  expect(await bot.runsOf(order)).toBe(0);
  expect(await bob.masterKey()).not.toBe(before);
  const trail = await terminal('audit', '--person', bob.userId);
  for (const reason of ['new-identity', 'changed-identity']) {
    expect(trail.stdout).toContain(reason);
    expect(bot.process.output()).toContain(reason);
  }
});

test('[#32] it can not be approved from the room', async () => {
  const answer = await alice.ask(room, `!bot approve ${bob.userId}`);
  expect(answer.outcome).not.toBe('ok');
});

test('`bot identity` shows a signed device, its fingerprint and the backup, in the room and on the terminal', async () => {
  const { body } = await alice.ask(room, '!bot identity');
  const { stdout, code } = await terminal('bot', 'identity');
  expect(code).toBe(0);
  const device = await lab.admin.request({
    method: 'POST',
    path: '/_matrix/client/v3/keys/query',
    body: { device_keys: { [bot.userId]: [] } },
  });
  for (const text of [body, stdout]) {
    expect(text).toContain(bot.account.deviceId);
    expect(text).toMatch(/([A-Za-z0-9+/]{4} ){10}/);
  }
  expect(JSON.stringify(device)).toContain(bot.account.deviceId);
});
