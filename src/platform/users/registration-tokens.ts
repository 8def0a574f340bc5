import type { Secret } from '../../core/secret.ts';

/** A registration token of the home server. Whoever knows `token` can make an account. */
export interface RegistrationToken {
  readonly token: Secret<string>;
  /** Null: any number of accounts. */
  readonly usesAllowed: number | null;
  readonly pending: number;
  readonly completed: number;
  /** ms since the epoch; null: never. */
  readonly expiresAt: number | null;
}

/** What a new token allows. */
export interface NewRegistrationToken {
  /** Made by us, so that a crash after the request can be settled by asking for it. */
  readonly token: Secret<string>;
  readonly usesAllowed: number | null;
  readonly expiresAt: number | null;
}

/** The port to whoever owns registration. Throws like `UserDirectory`, and `E_TOKEN_UNKNOWN`. */
export interface RegistrationTokens {
  list(signal?: AbortSignal): Promise<readonly RegistrationToken[]>;
  /** Null where there is no such token. */
  find(token: Secret<string>, signal?: AbortSignal): Promise<RegistrationToken | null>;
  create(token: NewRegistrationToken, signal?: AbortSignal): Promise<void>;
  revoke(token: Secret<string>, signal?: AbortSignal): Promise<void>;
}
