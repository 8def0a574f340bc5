import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { say } from '../../../core/text.ts';
import type { Account } from '../../../platform/users/user-directory.ts';
import { defineChange } from '../../command.ts';
import { accountStep, resolve, type AccountContext } from './account-step.ts';
import { accountKey, accountName, type Named } from './names.ts';
import { accountFacts, done, plannedAccount, question } from './shown-account.ts';

interface Wish extends Named {
  readonly erase: boolean;
}

/** An account that is deactivated already can still be erased, once. */
async function target(context: AccountContext, input: Wish): Promise<Account> {
  const account = await resolve(context, input);
  const nothingLeft = !input.erase || account.erased === true;
  if (account.deactivated && nothingLeft) {
    throw new AppError('E_USER_DEACTIVATED_ALREADY', { account: account.localpart });
  }
  return account;
}

/** `user deactivate NAME [--erase]`: ends an account; the question says what goes and what stays. */
export const userDeactivate = defineChange({
  words: ['user', 'deactivate'],
  summary: 'user.deactivate.summary',
  role: 'admin',
  effect: 'destroy',
  surface: 'everywhere',
  arguments: { name: { schema: accountName, about: 'user.argument.name', exact: true } },
  flags: { erase: { schema: z.boolean(), about: 'user.flag.erase' } },
  uses: ['users', 'identity', 'sealedSecrets'],
  examples: ['user deactivate alice', 'user deactivate alice --erase'],
  account: ({ name }) => name.localpart,
  byOwnClient: true,
  resources: ({ name }) => [accountKey(name)],
  async plan(context, input) {
    const account = await target(context, input);
    const params = { account: account.userId, name: account.localpart };
    const second = input.erase ? 'user.deactivate.erases' : 'user.deactivate.keeps';
    return {
      facts: accountFacts(account),
      shown: question(account, say('user.deactivate.plan', params), say(second, params)),
    };
  },
  steps: [
    {
      ...accountStep<Wish>({
        name: 'deactivate',
        check: target,
        change: ({ users, signal }, localpart, { input }) =>
          users.deactivate(localpart, { erase: input.erase }, signal),
        reached(account, { input }) {
          if (!account.deactivated || !input.erase) return account.deactivated;
          return (
            account.erased ?? say('user.deactivate.erase-unknown', { account: account.userId })
          );
        },
      }),
      completed: ({ sealedSecrets }, { input }) =>
        sealedSecrets.withdraw(accountKey(input.name), 'deactivated', null),
    },
  ],
  report({ input, facts }) {
    const { account } = plannedAccount.parse(facts);
    const key = input.erase ? 'user.deactivate.done-erased' : 'user.deactivate.done';
    return [done(say(key, { account }))];
  },
});
