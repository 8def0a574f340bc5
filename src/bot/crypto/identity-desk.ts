import { existsSync } from 'node:fs';
import type {
  BotIdentity,
  BotIdentitySnapshot,
  BotVerification,
} from '../../commands/capabilities.ts';
import { AppError } from '../../core/errors.ts';
import type { UserId } from '../../core/ids.ts';
import type { Secret } from '../../core/secret.ts';
import type { Clock } from '../../platform/clock.ts';
import { readCryptoDevice } from '../../platform/store/crypto-device.ts';
import { openDevice } from '../../platform/store/device.ts';
import type { IdentityPin, IdentityPins } from '../../platform/store/identity-pins.ts';
import type { RecoveryKeySafe } from '../../platform/store/recovery-key-safe.ts';
import { acceptApproved, type AcceptApprovedParts } from './approved-identities.ts';
import type { Identities } from './identities.ts';
import { isSignedByOwner } from './own-identity.ts';
import type { KeyBackup } from './recovery/key-backup.ts';
import { makeRecoveryKey, writeRecoveryKey } from './recovery/recovery-key.ts';

/** What {@link IdentityDesk} always has. */
export interface IdentityDeskParts {
  readonly user: UserId;
  readonly pins: IdentityPins;
  readonly safe: RecoveryKeySafe;
  readonly clock: Clock;
  /** A new identity counts from now on. Called in the transaction that notes it. */
  readonly onApproved?: (user: UserId) => void;
  /** `device.sqlite`; need not be there. */
  readonly deviceFile: string;
}

/** What it gets once the keys are open. */
export interface OpenKeys extends AcceptApprovedParts {
  readonly identities: Identities;
  readonly backup: KeyBackup;
  readonly verification: BotVerification;
  /** Sees to it that all is in its place that the recovery key of the safe opens; throws `AppError`. */
  readonly setUpRecovery: () => Promise<void>;
}

/** {@link BotIdentity}: of the open keys where they are, of the files where they are not. */
export class IdentityDesk implements BotIdentity {
  readonly #parts: IdentityDeskParts;
  #keys: OpenKeys | null = null;

  constructor(parts: IdentityDeskParts) {
    this.#parts = parts;
  }

  /** The keys are open. What was approved meanwhile counts for the machine from now on. */
  async attach(keys: OpenKeys): Promise<void> {
    this.#keys = keys;
    for (const pin of this.people()) await acceptApproved(keys, pin);
  }

  /** The keys are about to be closed. */
  detach(): void {
    this.#keys = null;
  }

  get verification(): BotVerification | null {
    return this.#keys?.verification ?? null;
  }

  /** See {@link BotIdentity.snapshot}. Throws what `openDevice` throws. */
  async snapshot(): Promise<BotIdentitySnapshot> {
    const { user, safe } = this.#parts;
    const keys = this.#keys;
    const about = { user, recoveryKey: safe.state() };
    if (keys === null) {
      return { ...about, device: this.#noted(), keysLost: this.keysLost(), live: null };
    }
    const { library, machine, identities, backup } = keys;
    return {
      ...{ ...about, keysLost: false },
      device: {
        id: machine.deviceId.toString(),
        fingerprint: machine.identityKeys.ed25519.toBase64(),
      },
      live: {
        signed: await isSignedByOwner({ library, machine, self: user }),
        identityKey: await identities.masterKey(user),
        backup: backup.state,
        keys: await backup.counts(),
      },
    };
  }

  /** See {@link BotIdentitySnapshot.keysLost}. A recovery key is made with the keys and not before. */
  keysLost(): boolean {
    const { state } = this.#parts.safe.state();
    return this.#keys === null && state !== 'none' && this.#noted() === null;
  }

  people(): readonly IdentityPin[] {
    return this.#parts.pins.all();
  }

  person(user: UserId): IdentityPin | null {
    return this.#parts.pins.find(user);
  }

  async approve(user: UserId, claimed: string): Promise<boolean> {
    const { pins, clock, onApproved = () => undefined } = this.#parts;
    if (!pins.approve(user, claimed, clock.now(), onApproved)) return false;
    const keys = this.#keys;
    if (keys !== null) {
      await acceptApproved(keys, { user, masterKey: claimed });
    }
    return true;
  }

  showRecoveryKey(): Secret<string> {
    return this.#parts.safe.show();
  }

  recoveryKeyMadeAt(): number | null {
    return this.#parts.safe.madeAt();
  }

  async replaceRecoveryKey(madeAt: number | null): Promise<void> {
    const { safe } = this.#parts;
    const keys = this.#keys;
    if (keys === null) {
      throw new AppError('E_BOT_NOT_RUNNING', { command: 'bot replace-recovery-key' });
    }
    if (safe.madeAt() === madeAt) safe.replace(writeRecoveryKey(makeRecoveryKey()));
    await keys.setUpRecovery();
  }

  /** Whoever asks without open keys has the folder to himself, or reads beside a bot that waits. */
  #noted(): BotIdentitySnapshot['device'] {
    const { deviceFile } = this.#parts;
    if (!existsSync(deviceFile)) return null;
    try {
      const file = openDevice(deviceFile);
      try {
        const noted = readCryptoDevice(file);
        return noted === null ? null : { id: noted.deviceId, fingerprint: noted.fingerprint };
      } finally {
        file.close();
      }
    } catch (error) {
      // What can't be read is as good as gone.
      if (error instanceof AppError && error.code === 'E_CRYPTO_STORE_CORRUPT') return null;
      throw error;
    }
  }
}
