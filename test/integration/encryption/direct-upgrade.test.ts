import { afterAll, beforeAll, expect, test } from 'vitest';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import type { LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { MetBot } from '../failure/met-bot.ts';

let lab: Lab;
let bot: MetBot;
let alice: EncryptedPerson;

beforeAll(async () => {
  lab = await startLab({ name: 'direct-upgrade', people: [], encrypted: true });
  const { baseUrl } = lab.synapse;
  alice = await EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart: 'alice' }));
  const people = [{ user: alice.userId, role: 'admin' as const }];
  bot = await MetBot.meet(lab, { people, entering: [alice] });
});
afterAll(async () => {
  await alice.stop();
  await lab.stop();
});

const isSecret = (event: LabEvent): boolean => event.content['io.urtc.secret'] === true;

test('[#15] a direct room with a tombstone is not used again: the next secret comes into a new one', async () => {
  const old = await alice.createRoom({ invite: [bot.userId], more: { is_direct: true } });
  await until(
    'the bot is in the chat',
    () => (alice.sdk.getRoom(old)?.getMember(bot.userId)?.membership === 'join' ? true : undefined),
    { timeoutMs: 60_000 },
  );
  expect((await alice.ask(bot.room, '!user add one')).outcome).toBe('ok');
  await alice.waitFor(old, isSecret);

  const replacement = await alice.createRoom();
  await alice.setState(old, 'm.room.tombstone', { body: '', replacement_room: replacement });
  expect((await alice.ask(bot.room, '!user add two')).outcome).toBe('ok');
  const next = await alice.directInvitation();
  expect(next).not.toBe(old);
  await alice.join(next);
  await alice.waitFor(next, isSecret);
  expect(alice.timeline(old).filter(isSecret)).toHaveLength(1);
});
