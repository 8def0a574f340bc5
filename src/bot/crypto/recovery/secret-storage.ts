import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { Secret } from '../../../core/secret.ts';
import type { CryptoApi } from '../../client/crypto-api.ts';
import { idOfRecoveryKey, type RecoveryKey } from './recovery-key.ts';
import {
  checkOfKey,
  isCheckOfKey,
  openAccountSecret,
  sealAccountSecret,
  sealedAccountSecretSchema,
  secretStorageAlgorithm,
} from './sealed-account-secret.ts';

/** Secrets of the account that other devices of it must have to be the same person. */
export const accountSecrets = {
  master: 'm.cross_signing.master',
  selfSigning: 'm.cross_signing.self_signing',
  userSigning: 'm.cross_signing.user_signing',
  backup: 'm.megolm_backup.v1',
} as const;
/** Type of the account data that holds one. */
export type AccountSecretName = (typeof accountSecrets)[keyof typeof accountSecrets];

const defaultKeyType = 'm.secret_storage.default_key';
const descriptionType = (id: string): string => `m.secret_storage.key.${id}`;

const defaultKey = z.object({ key: z.string() });
const description = z.object({
  algorithm: z.literal(secretStorageAlgorithm),
  iv: z.string(),
  mac: z.string(),
});
const stored = z.object({ encrypted: z.record(z.string(), z.unknown()) });

/** What secret storage asks of the home server. */
export type AccountDataApi = Pick<CryptoApi, 'accountData' | 'putAccountData'>;

/**
 * Secrets of the account, encrypted in its account data under one key (spec, "Secret storage"). Every
 * call throws `MatrixFailure`; every write can be repeated.
 */
export class SecretStorage {
  readonly #api: AccountDataApi;
  readonly #key: RecoveryKey;
  readonly #id: string;

  private constructor(api: AccountDataApi, key: RecoveryKey, id: string) {
    this.#api = api;
    this.#key = key;
    this.#id = id;
  }

  /** The storage that others find. Throws `E_RECOVERY_NONE`, and `E_RECOVERY_KEY_WRONG`. */
  static async open(api: AccountDataApi, key: RecoveryKey): Promise<SecretStorage> {
    const id = await SecretStorage.defaultKeyId(api);
    if (id === null) throw new AppError('E_RECOVERY_NONE');
    const check = description.safeParse(await api.accountData(descriptionType(id)));
    if (!check.success) throw new AppError('E_RECOVERY_NONE', {}, check.error);
    if (!isCheckOfKey(key, check.data)) throw new AppError('E_RECOVERY_KEY_WRONG');
    return new SecretStorage(api, key, id);
  }

  /** A storage under a key of our own, which nobody finds before {@link SecretStorage.publish}. */
  static async prepare(api: AccountDataApi, key: RecoveryKey): Promise<SecretStorage> {
    const id = idOfRecoveryKey(key);
    const content = { algorithm: secretStorageAlgorithm, name: 'urtc', ...checkOfKey(key) };
    await api.putAccountData(descriptionType(id), content);
    return new SecretStorage(api, key, id);
  }

  /** The id of the key that others find; null: none. */
  static async defaultKeyId(api: AccountDataApi): Promise<string | null> {
    const found = defaultKey.safeParse(await api.accountData(defaultKeyType));
    return found.success ? found.data.key : null;
  }

  /** Whether a secret is kept under this key id, as far as can be told without the key. */
  static async holds(api: AccountDataApi, id: string, name: AccountSecretName): Promise<boolean> {
    const content = stored.safeParse(await api.accountData(name));
    return (
      content.success && sealedAccountSecretSchema.safeParse(content.data.encrypted[id]).success
    );
  }

  async put(name: AccountSecretName, secret: Secret<string>): Promise<void> {
    const sealed = sealAccountSecret(this.#key, name, secret);
    await this.#api.putAccountData(name, { encrypted: { [this.#id]: sealed } });
  }

  /** Null: it is not there, not under this key, or damaged. */
  async get(name: AccountSecretName): Promise<Secret<string> | null> {
    const content = stored.safeParse(await this.#api.accountData(name));
    if (!content.success) return null;
    const sealed = sealedAccountSecretSchema.safeParse(content.data.encrypted[this.#id]);
    return sealed.success ? openAccountSecret(this.#key, name, sealed.data) : null;
  }

  /** From now on others find it: the last thing of a setup. */
  async publish(): Promise<void> {
    await this.#api.putAccountData(defaultKeyType, { key: this.#id });
  }
}
