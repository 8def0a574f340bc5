import { parseLocalpart, userIdOf, type Localpart } from '../../../src/core/ids.ts';
import type { Account, UserDirectory } from '../../../src/platform/users/user-directory.ts';

/** An account as the home server would tell it. */
export function account(name: string, facts: Partial<Account> = {}): Account {
  const localpart = parseLocalpart(name);
  return {
    localpart,
    userId: userIdOf(localpart, 'x.org'),
    displayName: null,
    serverAdmin: false,
    locked: false,
    deactivated: false,
    createdAt: null,
    lastSeenAt: null,
    ...facts,
  };
}

/** A directory that holds just these accounts, for what the guard asks. */
export function directory(...accounts: readonly Account[]): Pick<UserDirectory, 'find' | 'list'> {
  return {
    find: (localpart: Localpart) =>
      Promise.resolve(accounts.find((each) => each.localpart === localpart) ?? null),
    list: ({ adminsOnly, includeDeactivated, limit, offset }) => {
      const found = accounts.filter(
        (each) =>
          (adminsOnly !== true || each.serverAdmin) && (includeDeactivated || !each.deactivated),
      );
      return Promise.resolve({
        accounts: found.slice(offset, offset + limit),
        total: found.length,
      });
    },
  };
}
