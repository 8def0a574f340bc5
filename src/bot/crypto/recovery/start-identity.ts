import { ensureOwnIdentity, type OwnIdentityParts } from '../own-identity.ts';
import type { RecoveryKeySafe } from '../../../platform/store/recovery-key-safe.ts';
import type { KeyBackup } from './key-backup.ts';
import { ensureRecovery } from './set-up.ts';

/** What {@link startIdentity} needs. */
export interface StartIdentityParts extends OwnIdentityParts {
  readonly backup: KeyBackup;
  readonly safe: RecoveryKeySafe;
}

/**
 * What a start does once the home server answers, before anything is said in a room: identity,
 * signature of the device, secret storage, key backup. Can be called again after any failure or
 * crash. Throws `MatrixFailure`, and what `ensureOwnIdentity` throws.
 */
export async function startIdentity(parts: StartIdentityParts): Promise<void> {
  const identity = await ensureOwnIdentity(parts);
  await ensureRecovery(parts, identity);
}
