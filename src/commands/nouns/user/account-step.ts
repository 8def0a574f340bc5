import { AppError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Localpart } from '../../../core/ids.ts';
import type { Phrase } from '../../../core/text.ts';
import type { Account, UserDirectory } from '../../../platform/users/user-directory.ts';
import type { Actor } from '../../actor.ts';
import type { Capabilities } from '../../capabilities.ts';
import type { Settled, Step, StepInput } from '../../command.ts';
import { ours, type Named } from './names.ts';

/** What every command on an account works with. */
export interface AccountContext {
  readonly users: UserDirectory;
  readonly identity: Capabilities['identity'];
  readonly actor: Actor;
  readonly signal: AbortSignal;
}

/** The account that is meant, as it is now. Throws `E_USER_OTHER_SERVER`, `E_USER_UNKNOWN`. */
export async function resolve(context: AccountContext, { name }: Named): Promise<Account> {
  const localpart = ours(name, context.identity.serverName);
  const account = await context.users.find(localpart, context.signal);
  if (account === null) throw new AppError('E_USER_UNKNOWN', { account: localpart });
  return account;
}

/** {@link resolve} for what needs an account in use. Also throws `E_USER_DEACTIVATED`. */
export async function resolveActive(context: AccountContext, input: Named): Promise<Account> {
  const account = await resolve(context, input);
  if (account.deactivated) throw new AppError('E_USER_DEACTIVATED', { account: account.localpart });
  return account;
}

/** One change of an account whose effect can be seen on the account. */
export interface AccountChange<I extends Named> {
  readonly name: string;
  /** Throws what makes the change impossible now, which it was not when it was planned. */
  readonly check: (context: AccountContext, input: I) => Promise<Account>;
  readonly change: (
    context: AccountContext,
    localpart: Localpart,
    step: StepInput<I>,
  ) => Promise<void>;
  /** Whether the account is as it should be; a phrase where that can't be told, and why. */
  readonly reached: (account: Account, step: StepInput<I>) => boolean | Phrase;
}

const nothing: JsonObject = {};

/**
 * The durable step of a change that ends in a state of the account, whoever brought it about: so the
 * account itself answers whether it was done, and doing it again does no harm.
 */
export function accountStep<I extends Named>(
  change: AccountChange<I>,
): Step<I, 'users' | 'identity'> {
  const settle = async (context: AccountContext, step: StepInput<I>): Promise<Settled> => {
    const localpart = ours(step.input.name, context.identity.serverName);
    const account = await context.users.find(localpart, context.signal);
    if (account === null) return { state: 'not-done' };
    const reached = change.reached(account, step);
    if (typeof reached !== 'boolean') return { state: 'unknown', why: reached };
    return reached ? { state: 'done', result: nothing } : { state: 'not-done' };
  };
  return {
    name: change.name,
    settle,
    async run(context, step) {
      const { localpart } = await change.check(context, step.input);
      await change.change(context, localpart, step);
      return nothing;
    },
  };
}
