import { expect, test } from 'vitest';
import { ChatCrypto } from '../../../../src/bot/chat-crypto.ts';
import type { CryptoSurroundings } from '../../../../src/bot/crypto/room-crypto.ts';
import { UnreadableNotices } from '../../../../src/bot/crypto/unreadable-notices.ts';
import { EncryptionGuard } from '../../../../src/bot/rooms/encryption-guard.ts';
import { parseRoomId, parseUserId } from '../../../../src/core/ids.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { rememberingLog } from '../quiet-log.ts';

test('[#25] in a direct room its person gets keys, and no other listed one who joins (fake home server)', async () => {
  const alice = parseUserId('@alice:lab.test');
  const bob = parseUserId('@bob:lab.test');
  const admin = parseRoomId('!admin:lab.test');
  const direct = parseRoomId('!direct:lab.test');
  const clock = new FakeClock();
  const database = stateIn(tempFolder());
  let surroundings: CryptoSurroundings | null = null;
  const crypto = new ChatCrypto({
    api: { members: () => Promise.resolve(new Map([alice, bob].map((user) => [user, 'join']))) },
    guard: new EncryptionGuard({
      ...{ clock, log: rememberingLog().log },
      api: { stateEvent: () => Promise.resolve(null) },
      unreadSince: () => null,
      onKnown: () => undefined,
    }),
    open: (given) => {
      surroundings = given;
      return Promise.reject(new Error('only asked what it needs'));
    },
    isListed: () => true,
    unreadable: new UnreadableNotices({
      ...{ clock, outbox: new SqliteOutbox(database) },
      language: () => 'en',
    }),
    personOf: (room) => (room === direct ? alice : null),
    onNewIdentity: () => undefined,
    onKeys: () => Promise.resolve(),
  });
  await expect(crypto.open()).rejects.toThrow('only asked');
  const members = (room: typeof admin) => {
    if (surroundings === null) throw new Error('it was not opened');
    return (surroundings satisfies CryptoSurroundings).members(room);
  };
  expect(await members(admin)).toEqual([alice, bob]);
  expect(await members(direct)).toEqual([alice]);
  database.close();
});
