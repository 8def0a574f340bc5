import { AppError } from '../core/errors.ts';
import type { Localpart, UserId } from '../core/ids.ts';
import { userIdOf } from '../core/ids.ts';
import { say } from '../core/text.ts';
import type { WordKey } from '../core/words/index.ts';
import type { UserDirectory } from '../platform/users/user-directory.ts';
import { outranks, type Actor, type Role } from './actor.ts';
import type { People } from './capabilities.ts';

/** What the guard has to know of the account that a command acts on. */
export interface GuardedAccount {
  readonly user: UserId;
  /** Role of the person who owns it; null: not on the list. */
  readonly role: Role | null;
  readonly serverAdmin: boolean;
  /** A server admin without whom no active one would be left. */
  readonly lastServerAdmin: boolean;
  /** The only person with the role admin. */
  readonly lastAdminPerson: boolean;
}

/** An action that is asked for. */
export interface GuardedAction {
  readonly actor: Actor;
  readonly account: GuardedAccount;
  readonly botUser: UserId;
  /** The account can be used as before afterwards (a new name, a new password): `keepsAccess`. */
  readonly keepsAccess: boolean;
  /** Its person can still sign in and command the bot: `keepsLogin`. */
  readonly keepsLogin: boolean;
  /** The person's own client can do it: `byOwnClient`. */
  readonly byOwnClient: boolean;
  /** Canonical line, for the way out on the terminal. */
  readonly line: string;
}

/**
 * Nobody takes over or harms an account that is not below him (issue 3; chatops-bots §5 no. 37): any
 * act on an account can be a take-over, a password reset above all, so the rules hold for every
 * command that names one.
 *
 * - the bot's own account: nobody;
 * - one's own: not by oneself, its password neither (one's client does that, knowing the old one);
 * - a server admin's: only `owner`; the last active one, and the last person with the role admin, are
 *   not taken away by anybody;
 * - an account whose person has the same role or a higher one: nobody.
 *
 * Each refusal shows the way out that is open: where root would be refused too, what comes first.
 *
 * Throws `E_ACCOUNT_IS_BOT`, `E_ACCOUNT_IS_SELF`, `E_ACCOUNT_PROTECTED_ADMIN`,
 * `E_ACCOUNT_PROTECTED_RANK`, `E_ACCOUNT_LAST_ADMIN`, `E_ACCOUNT_LAST_ROLE_ADMIN`.
 */
export function guardAccount(action: GuardedAction): void {
  const { actor, account } = action;
  const lastServerAdmin = !action.keepsAccess && account.lastServerAdmin;
  const lastAdminPerson = !action.keepsLogin && account.lastAdminPerson;
  const way = wayOfRoot(lastServerAdmin, lastAdminPerson);
  const params = { account: account.user, way: say(way, { command: action.line }) };
  if (account.user === action.botUser) throw new AppError('E_ACCOUNT_IS_BOT', params);
  if (actor.kind === 'person' && actor.user === account.user) {
    const ownClient = action.byOwnClient && !lastServerAdmin && !lastAdminPerson;
    const client = ownClient ? say('account.way.client') : '';
    throw new AppError('E_ACCOUNT_IS_SELF', { ...params, client });
  }
  if (account.serverAdmin && actor.rank !== 'owner') {
    throw new AppError('E_ACCOUNT_PROTECTED_ADMIN', params);
  }
  if (!outranks(actor.rank, account.role)) throw new AppError('E_ACCOUNT_PROTECTED_RANK', params);
  if (lastServerAdmin) throw new AppError('E_ACCOUNT_LAST_ADMIN', params);
  if (lastAdminPerson) throw new AppError('E_ACCOUNT_LAST_ROLE_ADMIN', params);
}

/** How root can do it, after what has to come first. */
function wayOfRoot(lastServerAdmin: boolean, lastAdminPerson: boolean): WordKey {
  if (lastServerAdmin && lastAdminPerson) return 'account.way.after-both';
  if (lastServerAdmin) return 'account.way.after-server-admin';
  return lastAdminPerson ? 'account.way.after-role-admin' : 'account.way.root';
}

/** Reads what the guard has to know, from the list of people and the home server. Throws what `users` throws. */
export async function readGuardedAccount(
  from: {
    readonly people: Pick<People, 'roleOfAccount' | 'adminCount'>;
    readonly users: Pick<UserDirectory, 'find' | 'list'>;
    readonly botUser: UserId;
    readonly serverName: string;
  },
  localpart: Localpart,
  signal?: AbortSignal,
): Promise<GuardedAccount> {
  const role = from.people.roleOfAccount(localpart);
  const account = await from.users.find(localpart, signal);
  const serverAdmin = account?.serverAdmin === true;
  return {
    user: account?.userId ?? userIdOf(localpart, from.serverName),
    role,
    serverAdmin,
    lastServerAdmin: serverAdmin && !(await othersRule(from, localpart, signal)),
    lastAdminPerson: role === 'admin' && from.people.adminCount() <= 1,
  };
}

/** Whether another server admin can act. One page is enough: where a hundred can't, none is found. */
async function othersRule(
  from: { readonly users: Pick<UserDirectory, 'list'>; readonly botUser: UserId },
  localpart: Localpart,
  signal?: AbortSignal,
): Promise<boolean> {
  const query = { includeDeactivated: false, adminsOnly: true, limit: 100, offset: 0 };
  const { accounts } = await from.users.list(query, signal);
  return accounts.some(
    (each) =>
      each.serverAdmin &&
      !each.locked &&
      !each.deactivated &&
      each.localpart !== localpart &&
      each.userId !== from.botUser,
  );
}
