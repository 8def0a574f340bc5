import type { Localpart, UserId } from '../../core/ids.ts';
import type { Secret } from '../../core/secret.ts';

/** One account of the home server, as its owner of accounts (Synapse, later MAS) tells it. */
export interface Account {
  readonly localpart: Localpart;
  readonly userId: UserId;
  readonly displayName: string | null;
  readonly serverAdmin: boolean;
  readonly locked: boolean;
  readonly deactivated: boolean;
  /** Left out where the owner of the accounts does not tell. */
  readonly erased?: boolean;
  /** ms since the epoch. */
  readonly createdAt: number | null;
  /** ms since the epoch; null where unknown. */
  readonly lastSeenAt: number | null;
}

/** What a listing asks for. */
export interface AccountQuery {
  /** Part of a localpart or display name. */
  readonly search?: string;
  readonly includeDeactivated: boolean;
  /** Only server admins. */
  readonly adminsOnly?: boolean;
  readonly limit: number;
  /** Number of accounts to skip. */
  readonly offset: number;
}

/** One page of a listing. */
export interface AccountPage {
  readonly accounts: readonly Account[];
  /** How many there are in all. */
  readonly total: number;
  /** Ids on this page in an old grammar (spec, appendices §4.2.1), which no command can name. */
  readonly unnameable?: readonly string[];
}

/**
 * The port to whoever owns the accounts. Adapters: Synapse's admin API (a plain Synapse); later
 * MAS. Every method throws `E_ADMIN_API_FORBIDDEN`, `E_ADMIN_API_UNREACHABLE` or
 * `E_ADMIN_API_ANSWER`; those that name an account throw `E_USER_UNKNOWN` where there is none.
 * Every change but `create` is safe to repeat with the same values.
 */
export interface UserDirectory {
  /** Null where there is no such account. */
  find(localpart: Localpart, signal?: AbortSignal): Promise<Account | null>;
  list(query: AccountQuery, signal?: AbortSignal): Promise<AccountPage>;
  /**
   * Makes an account that nobody can log in to until it has a password. Throws `E_USER_EXISTS`, and
   * then an account that somebody else made is as it was.
   */
  create(localpart: Localpart, signal?: AbortSignal): Promise<Account>;
  setPassword(
    localpart: Localpart,
    password: Secret<string>,
    options: { readonly logOutDevices: boolean },
    signal?: AbortSignal,
  ): Promise<void>;
  setServerAdmin(localpart: Localpart, admin: boolean, signal?: AbortSignal): Promise<void>;
  setLocked(localpart: Localpart, locked: boolean, signal?: AbortSignal): Promise<void>;
  /** Without `erase` messages and media stay; it can be taken back by {@link reactivate}. */
  deactivate(
    localpart: Localpart,
    options: { readonly erase: boolean },
    signal?: AbortSignal,
  ): Promise<void>;
  reactivate(localpart: Localpart, password: Secret<string>, signal?: AbortSignal): Promise<void>;
  setDisplayName(localpart: Localpart, displayName: string, signal?: AbortSignal): Promise<void>;
}
