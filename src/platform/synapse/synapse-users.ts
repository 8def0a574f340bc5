import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { userIdOf, type Localpart } from '../../core/ids.ts';
import type { Secret } from '../../core/secret.ts';
import type { Account, AccountPage, AccountQuery, UserDirectory } from '../users/user-directory.ts';
import { accountAnswer, pageAnswer, toAccount, toAccounts } from './account-answer.ts';
import { path, type AdminApi, type AdminRequest } from './admin-api.ts';
import { isMissing } from './answer.ts';
import { refusedAnswer } from './failure.ts';

const anything = z.looseObject({});

/**
 * {@link UserDirectory} on Synapse's admin API, for a Synapse that owns its accounts itself.
 * Sources: Synapse docs, admin_api/user_admin_api; where they are silent, its rest/admin/users.py
 * (1.163).
 */
export class SynapseUsers implements UserDirectory {
  readonly #api: AdminApi;
  readonly #server: string;

  /** `serverName`: the part after the colon of this home server's user ids. */
  constructor(api: AdminApi, serverName: string) {
    this.#api = api;
    this.#server = serverName;
  }

  async find(localpart: Localpart, signal?: AbortSignal): Promise<Account | null> {
    const request = { method: 'GET', path: this.#account(localpart), signal } as const;
    const answer = await this.#api.ask(accountAnswer, request);
    if (answer.ok) return toAccount(answer.value, 1000);
    if (isMissing(answer)) return null;
    throw refusedAnswer(answer);
  }

  async list(query: AccountQuery, signal?: AbortSignal): Promise<AccountPage> {
    const answer = await this.#api.ask(pageAnswer, {
      method: 'GET',
      path: '/_synapse/admin/v2/users',
      query: {
        from: String(query.offset),
        limit: String(query.limit),
        order_by: 'name',
        // Left out, Synapse hides locked accounts.
        locked: 'true',
        guests: 'false',
        ...(query.search === undefined ? {} : { name: query.search }),
        ...(query.includeDeactivated ? { deactivated: 'true' } : {}),
        ...(query.adminsOnly === true ? { admins: 'true' } : {}),
      },
      signal,
    });
    if (!answer.ok) throw refusedAnswer(answer);
    return { ...toAccounts(answer.value.users), total: answer.value.total };
  }

  /**
   * An empty PUT makes an account where there is none (201) and changes nothing where there is one
   * (200): the answer tells which, so that a name taken between two requests is noticed and its
   * owner's password is left alone.
   */
  async create(localpart: Localpart, signal?: AbortSignal): Promise<Account> {
    const request = { method: 'PUT', path: this.#account(localpart), body: {}, signal } as const;
    const answer = await this.#api.ask(accountAnswer, request);
    if (answer.ok && answer.status === 201) return toAccount(answer.value, 1000);
    // In use: taken in that very moment, or by an id that differs only in upper case.
    if (answer.ok || answer.errcode === 'M_USER_IN_USE') {
      throw new AppError('E_USER_EXISTS', { account: localpart });
    }
    throw refusedAnswer(answer);
  }

  async setPassword(
    localpart: Localpart,
    password: Secret<string>,
    options: { readonly logOutDevices: boolean },
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#change(localpart, {
      method: 'POST',
      path: path`/_synapse/admin/v1/reset_password/${userIdOf(localpart, this.#server)}`,
      body: { new_password: password.reveal(), logout_devices: options.logOutDevices },
      secrets: [password],
      signal,
    });
  }

  async setServerAdmin(localpart: Localpart, admin: boolean, signal?: AbortSignal): Promise<void> {
    await this.#change(localpart, {
      method: 'PUT',
      path: path`/_synapse/admin/v1/users/${userIdOf(localpart, this.#server)}/admin`,
      body: { admin },
      signal,
    });
  }

  async setLocked(localpart: Localpart, locked: boolean, signal?: AbortSignal): Promise<void> {
    await this.#modify(localpart, { body: { locked }, signal });
  }

  async deactivate(
    localpart: Localpart,
    options: { readonly erase: boolean },
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#change(localpart, {
      method: 'POST',
      path: path`/_synapse/admin/v1/deactivate/${userIdOf(localpart, this.#server)}`,
      body: { erase: options.erase },
      signal,
    });
  }

  async reactivate(
    localpart: Localpart,
    password: Secret<string>,
    signal?: AbortSignal,
  ): Promise<void> {
    const body = { deactivated: false, password: password.reveal() };
    await this.#modify(localpart, { body, secrets: [password], signal });
  }

  async setDisplayName(
    localpart: Localpart,
    displayName: string,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#modify(localpart, { body: { displayname: displayName }, signal });
  }

  #account(localpart: Localpart): string {
    return path`/_synapse/admin/v2/users/${userIdOf(localpart, this.#server)}`;
  }

  /**
   * Changes an account through PUT, which would make one that is missing: so it is looked up first.
   * Nothing can come between, since Synapse never removes an account.
   */
  async #modify(
    localpart: Localpart,
    request: Pick<AdminRequest, 'body' | 'secrets' | 'signal'>,
  ): Promise<void> {
    if ((await this.find(localpart, request.signal)) === null) throw unknownAccount(localpart);
    await this.#change(localpart, { ...request, method: 'PUT', path: this.#account(localpart) });
  }

  async #change(localpart: Localpart, request: AdminRequest): Promise<void> {
    const answer = await this.#api.ask(anything, request);
    if (answer.ok) return;
    throw isMissing(answer) ? unknownAccount(localpart) : refusedAnswer(answer);
  }
}

const unknownAccount = (localpart: Localpart): AppError =>
  new AppError('E_USER_UNKNOWN', { account: localpart });
