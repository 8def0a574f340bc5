import type { RoomId, UserId } from '../../core/ids.ts';
import { say } from '../../core/text.ts';
import type { RecoveryKeySafe } from '../../platform/store/recovery-key-safe.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { announce } from '../message-content.ts';
import type { EncryptionGuard } from './encryption-guard.ts';
import type { ReadersParts } from './readers.ts';

/** What telling of the recovery key needs. */
export interface RecoveryNoticeParts extends Omit<ReadersParts, 'api' | 'store' | 'log'> {
  readonly api: MatrixApi;
  /** Null: there is none. */
  readonly recoveryKey: Pick<RecoveryKeySafe, 'isToTell' | 'told'> | null;
  readonly guard: EncryptionGuard;
  /** See `CryptoEngine.hasSignedDevice`. */
  readonly hasSignedDevice: (person: UserId) => Promise<boolean>;
}

/**
 * Says in the room, once, that the recovery key waits: when somebody of the list is there who can
 * read it. What was said before anybody joined, nobody could. Throws `MatrixFailure`.
 */
export async function tellRecoveryKey(parts: RecoveryNoticeParts, room: RoomId): Promise<void> {
  const { recoveryKey, database, outbox, language, clock } = parts;
  if (recoveryKey?.isToTell() !== true || !(await hasReader(parts, room))) return;
  database.transaction(() => {
    // It may have been shown meanwhile.
    if (!recoveryKey.isToTell()) return;
    recoveryKey.told();
    const nodes = [{ type: 'hint', text: say('bot.recovery-key.notice') }] as const;
    for (const row of announce({ room, nodes, language: language() })) outbox.add(row, clock.now());
  });
}

async function hasReader(parts: RecoveryNoticeParts, room: RoomId): Promise<boolean> {
  const { api, self, people, guard, hasSignedDevice } = parts;
  const members = await api.members(room);
  for (const [user, membership] of members) {
    if (membership !== 'join' || user === self || people.roleOf(user) === null) continue;
    if (!guard.isEncrypted(room) || (await hasSignedDevice(user))) return true;
  }
  return false;
}
