import { say } from '../../../core/text.ts';
import type { Account } from '../../../platform/users/user-directory.ts';
import type { Step } from '../../command.ts';
import { ours, type Named } from './names.ts';
import { sealedAt } from '../sealed-secret.ts';

/** How old (ms) an account may be, measured from when its password was made, to be of our making. */
const since = {
  /** Home servers give whole seconds. */
  least: -2_000,
  /** A request gets an answer within 15 s or none. */
  most: 30_000,
} as const;

/**
 * Whether an account that did not exist when this was planned bears the marks of the one that we
 * asked for: made in those seconds, used by nobody, and nothing of it changed. The home server keeps
 * no record of who made an account; one made by hand later does not fit, nor does any with a clock
 * that is off, and of those we say that we don't know.
 */
function looksLikeOurs(account: Account, madeAt: number): boolean {
  const untouched =
    account.lastSeenAt === null &&
    account.displayName === account.localpart &&
    !account.serverAdmin &&
    !account.locked &&
    !account.deactivated;
  if (!untouched || account.createdAt === null) return false;
  const age = account.createdAt - madeAt;
  return age >= since.least && age <= since.most;
}

/**
 * Makes the account, empty: nobody can log in to it, so a crash here leaves no open door, and no
 * account that somebody else made in the meantime is touched. Throws `E_USER_EXISTS` then.
 */
export const makeAccount: Step<Named, 'users' | 'identity'> = {
  name: 'make-account',
  async run({ users, identity, signal }, { input }) {
    await users.create(ours(input.name, identity.serverName), signal);
    return {};
  },
  async settle({ users, identity, signal }, { input, done }) {
    const localpart = ours(input.name, identity.serverName);
    const account = await users.find(localpart, signal);
    if (account === null) return { state: 'not-done' };
    if (looksLikeOurs(account, sealedAt(done))) return { state: 'done', result: {} };
    const why = say('user.add.maybe', { account: account.userId, name: localpart });
    return { state: 'unknown', why };
  },
};
