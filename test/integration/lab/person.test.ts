import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyOf, relationOf } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { Person } from '../../lab/person.ts';
import { register } from '../../lab/synapse/accounts.ts';

let lab: Lab;
let alice: Person;
let bob: Person;
let roomId: string;
beforeAll(async () => {
  lab = await startLab({
    name: 'person',
    encrypted: false,
    people: ['alice', 'bob'],
    limits: 'default',
  });
  alice = lab.person('alice');
  bob = lab.person('bob');
  roomId = await lab.room('talk', [alice, bob]);
});
afterAll(() => lab.stop());

describe('a person of the lab', () => {
  it('edits, reacts, redacts, replies and writes in threads', async () => {
    const root = await alice.send(roomId, 'a word', { formatted: '<b>a word</b>' });
    const inThread = await bob.send(roomId, 'about that', { thread: root });
    expect(relationOf(await alice.sees(roomId, inThread))).toMatchObject({
      rel_type: 'm.thread',
      event_id: root,
      is_falling_back: true,
    });
    const edit = await alice.edit(roomId, root, 'a better word');
    expect(bodyOf(await bob.sees(roomId, edit))).toBe('a better word');
    const reaction = await bob.react(roomId, root, '👍');
    expect(relationOf(await alice.sees(roomId, reaction)).key).toBe('👍');
    const redaction = await alice.redact(roomId, root);
    await bob.sees(roomId, redaction);
    expect((await bob.event(roomId, root)).content).toEqual({});
  });

  it('reads the whole history, however long', async () => {
    const longRoom = await alice.createRoom({ name: 'long' });
    for (let i = 0; i < 60; i += 1) await alice.send(longRoom, `number ${i}`);
    const bodies = (await alice.messages(longRoom)).map(bodyOf).filter((body) => body !== '');
    expect(bodies).toEqual(Array.from({ length: 60 }, (_, i) => `number ${i}`));
  });

  it('loads files up and down', async () => {
    const data = new Uint8Array([0, 1, 2, 255]);
    const address = await alice.upload(data, 'application/octet-stream', 'a file.bin');
    expect(await bob.download(address)).toEqual(data);
  });

  it('asks and gets the final answer, with the status before it (a person plays the bot)', async () => {
    const answering = bob
      .waitFor(roomId, (event) => bodyOf(event) === '!slow')
      .then(async ({ event_id: reply }) => {
        await bob.send(roomId, 'working', { reply, content: { 'io.urtc.status': true } });
        const content = { 'io.urtc.final': true, 'io.urtc.outcome': 'ok' };
        await bob.send(roomId, 'done', { reply, content });
      });
    const answer = await alice.ask(roomId, '!slow');
    await answering;
    expect(answer).toMatchObject({ body: 'done', outcome: 'ok' });
    expect(answer.status.map(bodyOf)).toEqual(['working']);
  });

  it('tells silence from noise by what comes after', async () => {
    const marker = async () => alice.sees(roomId, await alice.send(roomId, 'marker'));
    const forbidden = (event: { sender: string }): boolean => event.sender === bob.userId;
    await alice.expectSilence(roomId, { forbidden, marker });
    const loud = alice.expectSilence(roomId, {
      forbidden,
      marker: async () => {
        await bob.send(roomId, 'noise');
        return marker();
      },
    });
    await expect(loud).rejects.toThrow(/should have been silence.*noise/);
  });

  it('is invited, joins, leaves, and reads state', async () => {
    const other = await alice.createRoom({ name: 'other', roomVersion: '12' });
    await alice.invite(other, bob.userId);
    expect(await bob.invitation(other)).toBe(other);
    await bob.join(other);
    expect((await alice.members(other)).get(bob.userId)).toBe('join');
    expect(await alice.state(other, 'm.room.create')).toMatchObject({ room_version: '12' });
    expect(await alice.state(other, 'm.room.topic')).toBeUndefined();
    await alice.setState(other, 'm.room.topic', { topic: 'x' });
    expect(await bob.state(other, 'm.room.topic')).toMatchObject({ topic: 'x' });
    await bob.leave(other);
    expect((await alice.members(other)).get(bob.userId)).toBe('leave');
  });

  it('meets no message limit, but an account like the bot does (rc_message 0.2/10)', async () => {
    const account = await register(lab.synapse.baseUrl, { localpart: 'limited' });
    const limited = new Person(lab.synapse.baseUrl, account);
    const own = await limited.createRoom();
    const sendTen = async (): Promise<void> => {
      for (let i = 0; i < 15; i += 1) await limited.send(own, `number ${i}`);
    };
    await expect(sendTen()).rejects.toMatchObject({ status: 429, errcode: 'M_LIMIT_EXCEEDED' });
    for (let i = 0; i < 15; i += 1) await alice.send(roomId, `number ${i}`);
  });

  it('logs in by password as well', async () => {
    const again = await Person.login(lab.synapse.baseUrl, 'alice', alice.account.password);
    expect(again.account.deviceId).not.toBe(alice.account.deviceId);
    await again.sees(roomId, await alice.send(roomId, 'to my other device'));
    await again.stop();
  });
});
