import { say } from '../../../core/text.ts';
import { defineChange } from '../../command.ts';
import { accountStep, resolve, resolveActive } from './account-step.ts';
import { accountKey, accountName } from './names.ts';
import { accountFacts, done, plannedAccount, question } from './shown-account.ts';

/** The two directions in which an account can be locked, and all in which they differ. */
const directions = {
  lock: { locked: true, target: resolveActive },
  // Also for a deactivated account, which bringing back leaves locked.
  unlock: { locked: false, target: resolve },
} as const;

function lockCommand(verb: keyof typeof directions) {
  const { locked, target } = directions[verb];
  return defineChange({
    words: ['user', verb],
    summary: `user.${verb}.summary`,
    role: 'operator',
    effect: 'change',
    surface: 'everywhere',
    arguments: { name: { schema: accountName, about: 'user.argument.name', exact: true } },
    flags: {},
    uses: ['users', 'identity'],
    examples: [`user ${verb} alice`],
    account: ({ name }) => name.localpart,
    keepsAccess: () => !locked,
    resources: ({ name }) => [accountKey(name)],
    async plan(context, input) {
      const account = await target(context, input);
      const sentence = say(`user.${verb}.plan`, { account: account.userId });
      return { facts: accountFacts(account), shown: question(account, sentence) };
    },
    steps: [
      accountStep({
        name: verb,
        check: target,
        change: ({ users, signal }, localpart) => users.setLocked(localpart, locked, signal),
        reached: (account) => account.locked === locked,
      }),
    ],
    report: ({ facts }) => [
      done(say(`user.${verb}.done`, { account: plannedAccount.parse(facts).account })),
    ],
  });
}

/** `user lock NAME`: the account can do nothing until it is unlocked; nothing of it is lost. */
export const userLock = lockCommand('lock');

/** `user unlock NAME`: the account and its devices work again. */
export const userUnlock = lockCommand('unlock');
