import { AppError } from '../../../../src/core/errors.ts';
import { userIdOf, type Localpart } from '../../../../src/core/ids.ts';
import type { Clock } from '../../../../src/platform/clock.ts';
import type {
  RegistrationToken,
  RegistrationTokens,
} from '../../../../src/platform/users/registration-tokens.ts';
import type { Account, UserDirectory } from '../../../../src/platform/users/user-directory.ts';

/** A stored account of the fake, with its password. */
export interface FakeAccount extends Account {
  readonly password: string | null;
}

/**
 * Accounts in memory that behave as the adapter's contract tests on the real home server say
 * (test/integration/users). For what depends on the commands alone.
 */
export class FakeDirectory implements UserDirectory {
  readonly accounts = new Map<Localpart, FakeAccount>();
  /** Thrown by the next change, after it was done ("lost answer") or instead of it. */
  failNext: { readonly error: unknown; readonly done: boolean; readonly times: number } | null =
    null;
  readonly #clock: Clock;
  readonly #server: string;

  constructor(clock: Clock, server: string) {
    this.#clock = clock;
    this.#server = server;
  }

  put(localpart: Localpart, facts: Partial<FakeAccount> = {}): void {
    this.accounts.set(localpart, {
      ...{ localpart, userId: userIdOf(localpart, this.#server), displayName: localpart },
      ...{ serverAdmin: false, locked: false, deactivated: false, erased: false },
      ...{ createdAt: this.#clock.now(), lastSeenAt: null, password: null },
      ...facts,
    });
  }

  get(localpart: Localpart): FakeAccount {
    const account = this.accounts.get(localpart);
    if (account === undefined) throw new AppError('E_USER_UNKNOWN', { account: localpart });
    return account;
  }

  find(localpart: Localpart): Promise<Account | null> {
    return Promise.resolve(this.accounts.get(localpart) ?? null);
  }

  list(query: Parameters<UserDirectory['list']>[0]) {
    const found = [...this.accounts.values()]
      .filter(({ deactivated }) => query.includeDeactivated || !deactivated)
      .filter(({ serverAdmin }) => query.adminsOnly !== true || serverAdmin)
      .filter(({ localpart }) => localpart.includes(query.search ?? ''))
      .sort((a, b) => (a.localpart < b.localpart ? -1 : 1));
    const accounts = found.slice(query.offset, query.offset + query.limit);
    return Promise.resolve({ accounts, total: found.length });
  }

  create(localpart: Localpart): Promise<Account> {
    return this.#change(() => {
      if (this.accounts.has(localpart)) throw new AppError('E_USER_EXISTS', { account: localpart });
      this.put(localpart);
      return this.get(localpart);
    });
  }

  setPassword(localpart: Localpart, password: Parameters<UserDirectory['setPassword']>[1]) {
    return this.#set(localpart, { password: password.reveal() });
  }

  setServerAdmin(localpart: Localpart, serverAdmin: boolean) {
    return this.#set(localpart, { serverAdmin });
  }

  setLocked(localpart: Localpart, locked: boolean) {
    return this.#set(localpart, { locked });
  }

  deactivate(localpart: Localpart, { erase }: { readonly erase: boolean }) {
    return this.#set(localpart, {
      ...{ deactivated: true, password: null },
      ...(erase ? { erased: true, displayName: null } : {}),
    });
  }

  reactivate(localpart: Localpart, password: Parameters<UserDirectory['reactivate']>[1]) {
    return this.#set(localpart, {
      ...{ deactivated: false, erased: false, password: password.reveal() },
    });
  }

  setDisplayName(localpart: Localpart, displayName: string) {
    return this.#set(localpart, { displayName });
  }

  #set(localpart: Localpart, facts: Partial<FakeAccount>): Promise<void> {
    return this.#change(() => {
      this.put(localpart, { ...this.get(localpart), ...facts });
    });
  }

  #change<Result>(work: () => Result): Promise<Result> {
    return Promise.resolve().then(() => {
      const failure = this.failNext;
      if (failure === null) return work();
      this.failNext = failure.times > 1 ? { ...failure, times: failure.times - 1 } : null;
      if (failure.done) work();
      throw failure.error;
    });
  }
}

/** Registration tokens in memory. */
export class FakeTokens implements RegistrationTokens {
  readonly tokens = new Map<string, RegistrationToken>();

  list() {
    return Promise.resolve([...this.tokens.values()]);
  }

  find(token: RegistrationToken['token']) {
    return Promise.resolve(this.tokens.get(token.reveal()) ?? null);
  }

  create(wanted: Parameters<RegistrationTokens['create']>[0]) {
    this.tokens.set(wanted.token.reveal(), { ...wanted, pending: 0, completed: 0 });
    return Promise.resolve();
  }

  revoke(token: RegistrationToken['token']) {
    if (this.tokens.delete(token.reveal())) return Promise.resolve();
    return Promise.reject(new AppError('E_TOKEN_UNKNOWN', { token: '…' }));
  }
}
