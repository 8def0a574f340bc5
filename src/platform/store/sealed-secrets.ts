import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { encodeBase32, normaliseBase32 } from '../../core/base32.ts';
import type { ErrorCode } from '../../core/error-catalogue.ts';
import { AppError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { Clock } from '../clock.ts';
import type { Database } from './database.ts';
import { authenticate, type MasterKey, type PurposeKey } from './master-key.ts';

/** Why a secret is not good any more: a newer one, its account or its token is gone. */
export type Withdrawal = 'replaced' | 'deactivated' | 'revoked';

/** Secrets that wait for their one reader on the server. */
export interface SealedSecrets {
  /**
   * Makes a code for the secret and keeps the secret, encrypted under that code, for an hour. Part
   * of the caller's transaction. `label` says what it is (an account name), `subject` what it opens
   * (as a job's resources are written, e.g. `account:alice`); never secret.
   */
  seal(
    secret: Secret<string>,
    label: string,
    subject: string,
  ): { readonly code: string; readonly expiresAt: number };
  /**
   * Ends the secrets of a subject that are good no longer, all but the one of the code `except`; who
   * comes with the code of one is told why. Part of the caller's transaction.
   */
  withdraw(subject: string, why: Withdrawal, except: string | null): void;
  /** Reads without using up; for a step that goes on after a crash. Null: used, expired, withdrawn or unknown. */
  peek(code: string): Secret<string> | null;
  /**
   * Gives it once. Throws `E_SECRET_CODE_UNKNOWN`, and `E_SECRET_REPLACED`, `E_SECRET_DEACTIVATED`,
   * `E_SECRET_REVOKED` for what was withdrawn, as often as it is asked for.
   */
  open(code: string): { readonly secret: Secret<string>; readonly label: string };
}

const lifetimeMs = 60 * 60 * 1000;
/** 40 bits: 8 characters. Guessing needs the file, the master key and an hour. */
const codeBytes = 5;
const nonceBytes = 12;
const tagBytes = 16;
const cipher = 'aes-256-gcm';

const sealedRow = z.object({
  label: z.string(),
  sealed: z.instanceof(Uint8Array),
  expires_at: z.int(),
  withdrawn: z.enum(['replaced', 'deactivated', 'revoked']).nullable(),
});
type SealedRow = z.infer<typeof sealedRow>;

/** Stands for the row of an unknown code, so that both take the same way. */
const nothing: SealedRow = {
  label: '',
  sealed: new Uint8Array(nonceBytes + tagBytes + 24),
  expires_at: 0,
  withdrawn: null,
};

const withdrawnCode = {
  replaced: 'E_SECRET_REPLACED',
  deactivated: 'E_SECRET_DEACTIVATED',
  revoked: 'E_SECRET_REVOKED',
} as const satisfies Record<Withdrawal, ErrorCode>;

/** Whether an error of `open` says that the code gives nothing, for whatever reason. */
export function opensNothing(error: unknown): boolean {
  const codes: readonly ErrorCode[] = ['E_SECRET_CODE_UNKNOWN', ...Object.values(withdrawnCode)];
  return error instanceof AppError && codes.includes(error.code);
}

function makeCode(): string {
  return encodeBase32(randomBytes(codeBytes)).replace(/^.{4}/, '$&-');
}

/** The row's open columns are bound to the secret: swapping them between rows is found out. */
function boundTo(label: string, expiresAt: number): Buffer {
  return Buffer.from(JSON.stringify([label, expiresAt]));
}

function encrypt(key: PurposeKey, text: string, bound: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const encryption = createCipheriv(cipher, key.reveal(), nonce).setAAD(bound);
  const body = Buffer.concat([encryption.update(text, 'utf8'), encryption.final()]);
  return Buffer.concat([nonce, encryption.getAuthTag(), body]);
}

function decrypt(key: PurposeKey, sealed: Uint8Array, bound: Buffer): Secret<string> | null {
  const nonce = sealed.subarray(0, nonceBytes);
  const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
  const body = sealed.subarray(nonceBytes + tagBytes);
  try {
    const decryption = createDecipheriv(cipher, key.reveal(), nonce, { authTagLength: tagBytes });
    decryption.setAAD(bound).setAuthTag(tag);
    return new Secret(
      Buffer.concat([decryption.update(body), decryption.final()]).toString('utf8'),
    );
  } catch {
    // GCM has one failure, on purpose: wrong code and tampered row look the same.
    return null;
  }
}

/**
 * AES-256-GCM under a key derived from the master key and the code; a row is found by an HMAC of the
 * code. So neither the file alone, nor the file and the code, nor the file and the master key (in an
 * hour) give the secret. Rows that go are overwritten (`secure_delete`).
 */
export function createSealedSecrets(
  database: Database,
  masterKey: MasterKey,
  clock: Clock,
): SealedSecrets {
  const addressKey = masterKey.derive('sealed-address');
  const addressOf = (code: string): Buffer => authenticate(addressKey, code);

  const prune = (): void => {
    database.run('DELETE FROM sealed_secrets WHERE expires_at <= :now', { now: clock.now() });
  };

  const rowOf = (code: string): SealedRow | null =>
    database.get(
      sealedRow,
      'SELECT label, sealed, expires_at, withdrawn FROM sealed_secrets WHERE address = :address',
      { address: addressOf(code) },
    );

  /** Does the same work for a code that is known and one that is not. */
  const look = (
    code: string,
    row = rowOf(code),
  ): { readonly secret: Secret<string>; readonly label: string } | null => {
    const { label, sealed, expires_at: expiresAt } = row ?? nothing;
    const key = masterKey.derive('sealed-secret', code);
    const secret = decrypt(key, sealed, boundTo(label, expiresAt));
    return secret === null || expiresAt <= clock.now() ? null : { secret, label };
  };

  return {
    seal: (secret, label, subject) => {
      const code = makeCode();
      const plain = normaliseBase32(code);
      const expiresAt = clock.now() + lifetimeMs;
      const key = masterKey.derive('sealed-secret', plain);
      database.transaction(() => {
        prune();
        database.run(
          `INSERT INTO sealed_secrets (address, label, sealed, expires_at, subject)
           VALUES (:address, :label, :sealed, :expiresAt, :subject)`,
          {
            address: addressOf(plain),
            label,
            sealed: encrypt(key, secret.reveal(), boundTo(label, expiresAt)),
            expiresAt,
            subject,
          },
        );
      });
      return { code, expiresAt };
    },

    withdraw: (subject, why, except) => {
      database.run(
        `UPDATE sealed_secrets SET withdrawn = :why, sealed = zeroblob(0)
         WHERE subject = :subject AND address IS NOT :except
           -- An account that came back has a newer password; what to do about it is another thing then.
           AND (withdrawn IS NULL OR (withdrawn = 'deactivated' AND :why = 'replaced'))`,
        { subject, why, except: except === null ? null : addressOf(normaliseBase32(except)) },
      );
    },

    peek: (code) => look(normaliseBase32(code))?.secret ?? null,

    open: (code) => {
      const plain = normaliseBase32(code);
      const found = database.transaction(() => {
        const row = rowOf(plain);
        if (row !== null && row.withdrawn !== null && row.expires_at > clock.now()) {
          throw new AppError(withdrawnCode[row.withdrawn], {
            account: row.label,
            token: row.label,
          });
        }
        const opened = look(plain, row);
        database.run('DELETE FROM sealed_secrets WHERE address = :address', {
          address: addressOf(plain),
        });
        prune();
        return opened;
      });
      if (found === null) throw new AppError('E_SECRET_CODE_UNKNOWN');
      return found;
    },
  };
}
