import { beforeEach, expect, test } from 'vitest';
import type { StateEvent } from '../../../../src/bot/client/matrix-api.ts';
import { MatrixFailure } from '../../../../src/bot/client/failure.ts';
import { EncryptionGuard } from '../../../../src/bot/rooms/encryption-guard.ts';
import { parseEventId, parseRoomId, parseUserId } from '../../../../src/core/ids.ts';
import { FakeClock } from '../fake-clock.ts';
import { rememberingLog } from '../quiet-log.ts';

const room = parseRoomId('!room:lab.test');
const encryption: StateEvent = {
  type: 'm.room.encryption',
  stateKey: '',
  sender: parseUserId('@alice:lab.test'),
  eventId: parseEventId('$encryption'),
  content: { algorithm: 'm.megolm.v1.aes-sha2' },
};

let clock: FakeClock;
let answer: StateEvent | null | 'silence';
let asked: number;
let encrypted: number;
let writable: number;
let unreadSince: number | null;
let guard: EncryptionGuard;

beforeEach(() => {
  clock = new FakeClock();
  answer = null;
  asked = encrypted = writable = 0;
  unreadSince = null;
  guard = new EncryptionGuard({
    api: {
      stateEvent: () => {
        asked += 1;
        return answer === 'silence'
          ? Promise.reject(new MatrixFailure({ kind: 'unavailable', status: 500, reason: '' }))
          : Promise.resolve(answer);
      },
    },
    ...{ clock, log: rememberingLog().log, unreadSince: () => unreadSince },
    onKnown: () => {
      if (guard.isEncrypted(room)) encrypted += 1;
      else writable += 1;
    },
  });
});

test('nothing may be sent before the home server has said that the room is not encrypted', async () => {
  expect(guard.encryptionOf(room)).toBe('unknown');
  await expect.poll(() => writable).toBe(1);
  expect(guard.encryptionOf(room)).toBe('plain');
  expect(asked).toBe(1);
});

test('[#31] what is not known yet does not count in clear, and whoever has to know is told why not', async () => {
  expect(guard.isEncrypted(room)).toBe(true);
  answer = 'silence';
  await expect(guard.ask(room)).rejects.toThrow(MatrixFailure);
  expect(guard.isEncrypted(room)).toBe(true);
  answer = null;
  expect(await guard.ask(room)).toBe('plain');
  expect(guard.isEncrypted(room)).toBe(false);
});

test('[#33] no answer is no leave to send; it is asked again, not more often than every 2 s', async () => {
  answer = 'silence';
  expect(await guard.check(room)).toBe('unknown');
  expect(guard.encryptionOf(room)).toBe('unknown');
  expect(asked).toBe(1);
  clock.advance(2000);
  expect(guard.encryptionOf(room)).toBe('unknown');
  expect(asked).toBe(2);
});

test('while the timeline is read, what is known stays known', async () => {
  await guard.check(room);
  clock.advance(3_600_000);
  expect(guard.encryptionOf(room)).toBe('plain');
  expect(asked).toBe(1);
});

test('[#31] leave to send from before the timeline was lost is worth nothing', async () => {
  await guard.check(room);
  clock.advance(1);
  unreadSince = clock.monotonic();
  answer = encryption;
  expect(guard.encryptionOf(room)).toBe('unknown');
  await expect.poll(() => encrypted).toBe(1);
});

test('[#31] while the timeline is not read, leave to send is 2 s old at most', async () => {
  unreadSince = clock.monotonic();
  clock.advance(1);
  await guard.check(room);
  expect(guard.encryptionOf(room)).toBe('plain');
  clock.advance(2000);
  answer = encryption;
  expect(guard.encryptionOf(room)).toBe('unknown');
  await expect.poll(() => encrypted).toBe(1);
  expect(guard.encryptionOf(room)).toBe('encrypted');
});

test('[#31] one sign of encryption is enough for ever, and told once', async () => {
  guard.noteEncrypted(room);
  guard.noteEncrypted(room);
  guard.forget(room);
  expect(await guard.check(room)).toBe('encrypted');
  expect(encrypted).toBe(1);
  expect(writable).toBe(0);
});
