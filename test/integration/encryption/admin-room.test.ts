import { afterAll, beforeAll, expect, test } from 'vitest';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { register } from '../../lab/synapse/accounts.ts';

let lab: Lab;
let alice: EncryptedPerson;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'admin-room-sealed', people: [] });
  const { baseUrl } = lab.synapse;
  alice = await EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart: 'alice' }));
  await lab.startBot({ people: [{ user: alice.userId, role: 'admin' }] });
  room = await alice.invitation();
  await alice.join(room);
});
afterAll(async () => {
  await alice.stop();
  await lab.stop();
});

test('[#32] the admin room is encrypted: a command and its answer are read by nobody else', async () => {
  const answer = await alice.ask(room, '!user list');
  expect(answer.outcome).toBe('ok');
  expect(answer.event.encryption).toMatchObject({ wasEncrypted: true });
  const raw = await alice.rawEvent(room, answer.event.event_id);
  expect(raw.type).toBe('m.room.encrypted');
  expect((await alice.rawEvent(room, answer.commandId)).type).toBe('m.room.encrypted');
});
