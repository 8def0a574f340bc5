import { beforeEach, expect, test } from 'vitest';
import type { Encryption } from '../../../../src/bot/rooms/encryption-guard.ts';
import { RoomWriter } from '../../../../src/bot/sender/room-writer.ts';
import { parseEventId, parseRoomId } from '../../../../src/core/ids.ts';

const room = parseRoomId('!room:lab.test');
const event = parseEventId('$e');
const { signal } = new AbortController();

let encryption: Encryption;
/** What left the machine, as text. */
let left: string[];
let writer: RoomWriter;
let sleep: () => Promise<void>;

beforeEach(() => {
  encryption = 'plain';
  left = [];
  sleep = () => Promise.resolve();
  const out = (...what: unknown[]) => {
    left.push(JSON.stringify(what));
    return Promise.resolve(event);
  };
  writer = new RoomWriter({
    api: {
      send: (_room, type, transaction, content) => out('send', type, transaction, content),
      redact: (_room, target, transaction) => out('redact', target, transaction),
      putState: (_room, type, key, content) => out('state', type, key, content),
      upload: (name, mimetype, data) => {
        left.push(JSON.stringify(['upload', name, mimetype, Buffer.from(data).toString()]));
        return Promise.resolve('mxc://lab.test/1');
      },
    },
    sealer: {
      seal: (_room, type, content) =>
        Promise.resolve({ ciphertext: `${type} ${Object.keys(content).length}` }),
      sealFile: (data) => ({ data: data.map((byte) => byte ^ 1), file: { v: 'v2' } }),
    },
    encryptionOf: () => encryption,
    handOver: null,
    clock: { sleep: () => sleep() },
  });
});

const content = { body: 'the words' };
const file = { name: 'words.txt', mimetype: 'text/plain', data: Buffer.from('the words') };

test('what is not encrypted goes as it is (fake home server)', async () => {
  await writer.send(room, 'm.room.message', 't', content, signal);
  expect(left).toEqual([JSON.stringify(['send', 'm.room.message', 't', content])]);
  expect(await writer.attach(room, file, signal)).toEqual({ url: 'mxc://lab.test/1' });
});

test('[#31] nothing of a message or a file is to be read in an encrypted room (fake home server)', async () => {
  encryption = 'encrypted';
  await writer.send(room, 'm.room.message', 't', content, signal);
  expect(await writer.attach(room, file, signal)).toEqual({
    file: { v: 'v2', url: 'mxc://lab.test/1' },
  });
  expect(left[0]).toBe('["send","m.room.encrypted","t",{"ciphertext":"m.room.message 1"}]');
  expect(left.join()).not.toMatch(/words|text\/plain/);
});

test('[#33] nothing leaves while it is not known (fake home server)', async () => {
  encryption = 'unknown';
  await expect(writer.send(room, 'm.room.message', 't', content, signal)).rejects.toThrow(room);
  await expect(writer.attach(room, file, signal)).rejects.toThrow(room);
  expect(left).toEqual([]);
});

test('[#18] what is sealed at the same time goes out in its order, one after the other (fake clock)', async () => {
  encryption = 'encrypted';
  const awake: (() => void)[] = [];
  sleep = () => new Promise((resolve) => void awake.push(resolve));
  const sends = ['a', 'b'].map((type) => writer.send(room, type, type, content, signal));
  await sends[0];
  await expect.poll(() => awake).toHaveLength(1);
  expect(left).toHaveLength(1);
  awake[0]?.();
  await sends[1];
  expect(left.map((each) => each.slice(0, 28))).toEqual([
    '["send","m.room.encrypted","',
    '["send","m.room.encrypted","',
  ]);
  expect(left.join()).toMatch(/"a",.*"b",/);
});
