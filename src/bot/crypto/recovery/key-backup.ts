import type { BackupDecryptionKey, OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import { jsonObjectSchema } from '../../../core/json.ts';
import type { BackupVersion, CryptoApi } from '../../client/crypto-api.ts';
import { MatrixFailure } from '../../client/failure.ts';
import { OneAtATime } from '../one-at-a-time.ts';
import type { RequestPump } from '../request-pump.ts';
import type { CryptoLibrary } from '../wasm.ts';

/** The one algorithm of backups that clients use. */
const algorithm = 'm.megolm_backup.v1.curve25519-aes-sha2';
/** A request holds a hundred keys; a million keys are more than a bot ever has. */
const mostRequests = 10_000;

const authData = z.looseObject({ public_key: z.string() });

/** What the backup is to us. */
export type BackupState =
  | { readonly state: 'off' }
  /** There is one, and its key is not ours. */
  | { readonly state: 'foreign'; readonly version: string }
  | { readonly state: 'on'; readonly version: string };

/** What {@link KeyBackup} needs. */
export interface KeyBackupParts {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
  readonly pump: RequestPump;
  readonly api: Pick<CryptoApi, 'backupVersion' | 'createBackup'>;
}

/** The public key that a backup is encrypted for; null: it is of an algorithm that we don't know. */
export function publicKeyOf(backup: BackupVersion): string | null {
  if (backup.algorithm !== algorithm) return null;
  const data = authData.safeParse(backup.authData);
  return data.success ? data.data.public_key : null;
}

/** Room keys at the home server, encrypted for a key that only the bot and its recovery key have. */
export class KeyBackup {
  readonly #parts: KeyBackupParts;
  readonly #queue = new OneAtATime();
  #state: BackupState = { state: 'off' };

  constructor(parts: KeyBackupParts) {
    this.#parts = parts;
  }

  get state(): BackupState {
    return this.#state;
  }

  /** The key of the backup, where this device has it. */
  async key(): Promise<BackupDecryptionKey | null> {
    return (await this.#parts.machine.getBackupKeys()).decryptionKey ?? null;
  }

  /**
   * Sees to it that a backup is there that opens with this key, and that the machine writes to it.
   * Can be called again after any failure. `replace`: a backup that somebody else made gives way;
   * otherwise it stays and nothing is written. Throws `MatrixFailure`.
   */
  start(key: BackupDecryptionKey, replace: boolean): Promise<BackupState> {
    // Never while keys are on their way to the version before.
    return this.#queue.run(() => this.#start(key, replace));
  }

  async #start(key: BackupDecryptionKey, replace: boolean): Promise<BackupState> {
    const { machine, api } = this.#parts;
    const publicKey = key.megolmV1PublicKey.publicKeyBase64;
    const present = await api.backupVersion();
    const isOurs = present !== null && publicKeyOf(present) === publicKey;
    if (present !== null && !isOurs && !replace) {
      await machine.disableBackup();
      this.#state = { state: 'foreign', version: present.version };
      return this.#state;
    }
    const version = isOurs ? present.version : await this.#create(publicKey);
    const known = (await machine.getBackupKeys()).backupVersion;
    // Marks left by another version would keep keys from this one.
    if (known !== undefined && known !== version) await machine.disableBackup();
    await machine.saveBackupDecryptionKey(key, version);
    await machine.enableBackupV1(publicKey, version);
    this.#state = { state: 'on', version };
    return this.#state;
  }

  /** What of the keys of this device is in the backup. */
  async counts(): Promise<{ readonly backedUp: number; readonly total: number }> {
    const counts = await this.#parts.machine.roomKeyCounts();
    const { backedUp, total } = counts;
    counts.free();
    return { backedUp, total };
  }

  /**
   * Brings keys into the backup until none is left. Without one it does nothing; one that was
   * removed or replaced by somebody is left alone until the next start. Throws `MatrixFailure`.
   */
  async backUpKeys(): Promise<void> {
    const { machine, pump } = this.#parts;
    await this.#queue.run(async () => {
      for (let sent = 0; sent < mostRequests; sent += 1) {
        if (this.#state.state !== 'on') return;
        const request = await machine.backupRoomKeys();
        if (request === undefined) return;
        try {
          await pump.send(request);
        } catch (error) {
          if (!isReplaced(error)) throw error;
          await machine.disableBackup();
          this.#state = { state: 'off' };
        }
      }
      throw new Error(`the backup still wants keys after ${mostRequests} requests`);
    });
  }

  async #create(publicKey: string): Promise<string> {
    const { machine, api } = this.#parts;
    // Canonical JSON of an object with one key.
    const data = { public_key: publicKey };
    const signatures = await machine.sign(JSON.stringify(data));
    const signed = { ...data, signatures: jsonObjectSchema.parse(JSON.parse(signatures.asJSON())) };
    signatures.free();
    return api.createBackup(algorithm, signed);
  }
}

function isReplaced(error: unknown): boolean {
  if (!(error instanceof MatrixFailure) || error.failure.kind !== 'refused') return false;
  const { errcode } = error.failure;
  return errcode === 'M_WRONG_ROOM_KEYS_VERSION' || errcode === 'M_NOT_FOUND';
}
