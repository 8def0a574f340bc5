import { afterAll, beforeAll, expect, it } from 'vitest';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { GoPerson } from '../../lab/encrypted/go-person.ts';
import { bodyOf, relationOf, repliesTo, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { register } from '../../lab/synapse/accounts.ts';

// The two persons who meet the bot in encrypted rooms, here without any bot: they share no code
// of their encryption, so what they agree on is Matrix.
let lab: Lab;
/** On the SDK of Element. */
let anna: EncryptedPerson;
/** On mautrix-go. */
let gero: GoPerson;
let room: string;
const more: Person[] = [];

const data = new Uint8Array(100_000).map((_, place) => place % 251);

const verdict = async (person: Person, eventId: string): Promise<string | undefined> =>
  (await person.sees(room, eventId)).encryption?.verdict;

const seen = async (person: Person, eventId: string): Promise<LabEvent> => {
  const event = await person.sees(room, eventId);
  expect(event.encryption).toMatchObject({ wasEncrypted: true, verdict: 'trusted', reason: '' });
  return event;
};

beforeAll(async () => {
  lab = await startLab({ name: 'persons', people: [] });
  const { baseUrl } = lab.synapse;
  const progress = (text: string): boolean => process.stderr.write(`lab: ${text}\n`);
  anna = await EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart: 'anna' }));
  gero = await GoPerson.start(baseUrl, await register(baseUrl, { localpart: 'gero' }), {
    progress,
  });
  room = await anna.createRoom({ invite: [gero.userId] });
  await gero.join(await gero.invitation(room));
});

afterAll(async () => {
  await Promise.all([anna, gero, ...more].map((person) => person.stop()));
  await lab.stop();
});

it('read what the other writes, with replies, edits, reactions and redactions', async () => {
  const root = await anna.send(room, 'from the one');
  expect(bodyOf(await seen(gero, root))).toBe('from the one');
  const reply = await gero.send(room, 'from the other', { reply: root, formatted: '<b>o</b>' });
  const answered = await seen(anna, reply);
  expect([bodyOf(answered), repliesTo(answered)]).toEqual(['from the other', root]);
  expect(answered.content['formatted_body']).toBe('<b>o</b>');
  expect((await anna.rawEvent(room, reply)).type).toBe('m.room.encrypted');

  expect(bodyOf(await seen(gero, await anna.edit(room, root, 'edited')))).toBe('edited');
  const edit = await seen(anna, await gero.edit(room, reply, 'edited too'));
  expect([bodyOf(edit), relationOf(edit).event_id]).toEqual(['edited too', reply]);
  const reaction = await gero.sees(room, await anna.react(room, reply, '✅'));
  expect([reaction.type, reaction.encryption?.verdict]).toEqual(['m.reaction', 'plain']);
  await anna.redact(room, root);
  await gero.waitFor(room, (event) => event.type === 'm.room.redaction');
  expect((await gero.messages(room)).find((event) => event.event_id === root)?.content).toEqual({});
});

it('open the files that the other has encrypted', async () => {
  const [fromAnna, fromGero] = [
    await anna.sendFile(room, data, 'one.bin', 'application/octet-stream'),
    await gero.sendFile(room, data, 'other.bin', 'application/octet-stream'),
  ];
  const file = await seen(gero, fromAnna);
  expect(file.content['url']).toBeUndefined();
  expect(Buffer.from(await gero.fileOf(file)).equals(data)).toBe(true);
  expect(Buffer.from(await anna.fileOf(await seen(anna, fromGero))).equals(data)).toBe(true);
});

it('give no key to a device that its owner has not signed, and take nothing from it', async () => {
  const unsigned = await anna.newDevice({ signed: false });
  more.push(unsigned);
  expect(await anna.verdictOn(anna.userId, unsigned.deviceId)).toEqual({
    ...{ isKnown: true, isSigned: false },
  });
  expect(await gero.verdictOn(anna.userId, unsigned.deviceId)).toEqual({
    ...{ isKnown: true, isSigned: false },
  });
  const said = await unsigned.send(room, 'let me in');
  for (const person of [anna, gero]) {
    const event = await person.sees(room, said);
    expect(event.encryption).toMatchObject({ wasEncrypted: true, verdict: 'distrusted' });
    expect(bodyOf(event)).toBe('');
  }
  for (const person of [anna, gero]) {
    const kept = await person.send(room, 'not for everybody');
    expect(await verdict(unsigned, kept)).toBe('undecryptable');
    expect(await verdict(person === anna ? gero : anna, kept)).toBe('trusted');
  }
  await anna.removeDevice(unsigned.deviceId);
  expect(await gero.verdictOn(anna.userId, unsigned.deviceId)).toMatchObject({ isKnown: false });
});

it('write to and read from a second device that its owner has signed', async () => {
  const second = await anna.newDevice();
  more.push(second);
  await second.sees(room, await gero.send(room, 'to both devices'));
  // What a client knows of devices comes by its sync, whenever that is.
  expect(await gero.verdictOn(anna.userId, second.deviceId)).toMatchObject({ isSigned: true });
  const both = await gero.send(room, 'to both devices again');
  for (const device of [anna, second]) await seen(device, both);
  await seen(gero, await second.send(room, 'from the second device'));
});

it('tell plain text and forgeries from what was encrypted', async () => {
  const plain = await anna.forge(room, 'm.room.message', { msgtype: 'm.text', body: 'plain' });
  for (const person of [anna, gero]) expect(await verdict(person, plain)).toBe('plain');
  const { type, content } = await anna.rawEvent(room, await anna.send(room, 'once'));
  const again = await anna.forge(room, type, content);
  // mautrix-go remembers which event a ciphertext came with; the Rust SDK leaves that to others.
  expect((await gero.sees(room, again)).encryption?.reason).toMatch(/duplicate .*message index/);
  expect(await verdict(anna, again)).toBe('trusted');
  const forged = await anna.forge(room, type, { ...content, ciphertext: 'AwgAEg' });
  for (const person of [anna, gero]) expect(await verdict(person, forged)).toBe('undecryptable');
});

it('go on after one of them has made a new identity', async () => {
  const before = await anna.masterKey();
  await anna.resetIdentity();
  expect(await anna.masterKey()).not.toBe(before);
  expect(await gero.verdictOn(anna.userId, anna.deviceId)).toMatchObject({ isSigned: true });
  await seen(gero, await anna.send(room, 'from my new identity'));
  await seen(anna, await gero.send(room, 'to your new identity'));
});

it('read everything anew, decrypted, and see an undecryptable event once its key has come', async () => {
  const last = await gero.send(room, 'the last word');
  await anna.lookAgain();
  expect(bodyOf(await seen(anna, last))).toBe('the last word');
  expect(anna.timeline(room).events.length).toBeGreaterThan(10);

  const late = await anna.newDevice();
  more.push(late);
  expect(await verdict(late, last)).toBe('undecryptable');
  await late.crypto.importRoomKeys(await anna.crypto.exportRoomKeys());
  const opened = await late.waitFor(room, (event) => bodyOf(event) === 'the last word');
  expect(opened.event_id).toBe(last);
});
