import type { Text } from '../../../core/text.ts';
import { ensureOwnIdentity, type OwnIdentityParts } from '../own-identity.ts';
import type { RecoveryKeySafe } from '../../../platform/store/recovery-key-safe.ts';
import type { KeyBackup } from './key-backup.ts';
import { ensureRecovery, recoveryNotice } from './set-up.ts';

/** What {@link startIdentity} needs. */
export interface StartIdentityParts extends OwnIdentityParts {
  readonly backup: KeyBackup;
  readonly safe: RecoveryKeySafe;
}

/**
 * What a start does once the home server answers, before anything is said in a room: identity,
 * signature of the device, secret storage, key backup. Returns what the room is told of it; null:
 * nothing. Can be called again after any failure or crash. Throws `MatrixFailure`, and what
 * `ensureOwnIdentity` throws.
 */
export async function startIdentity(parts: StartIdentityParts): Promise<Text | null> {
  const identity = await ensureOwnIdentity(parts);
  const { isNew } = await ensureRecovery(parts, identity);
  return isNew ? recoveryNotice(parts.safe) : null;
}
