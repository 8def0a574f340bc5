import { say } from '../../../core/text.ts';
import { defineChange } from '../../command.ts';
import { accountStep, resolve, resolveActive } from './account-step.ts';
import { accountKey, accountName } from './names.ts';
import { accountFacts, done, plannedAccount, question } from './shown-account.ts';

/** `user lock NAME`: the account can do nothing until it is unlocked; nothing of it is lost. */
export const userLock = defineChange({
  words: ['user', 'lock'],
  summary: 'user.lock.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  arguments: { name: { schema: accountName, about: 'user.argument.name' } },
  flags: {},
  uses: ['users', 'identity'],
  examples: ['user lock alice'],
  account: ({ name }) => name.localpart,
  resources: ({ name }) => [accountKey(name)],
  async plan(context, input) {
    const account = await resolveActive(context, input);
    const sentence = say('user.lock.plan', { account: account.userId });
    return { facts: accountFacts(account), shown: question(account, sentence) };
  },
  steps: [
    accountStep({
      name: 'lock',
      check: resolveActive,
      change: ({ users, signal }, localpart) => users.setLocked(localpart, true, signal),
      reached: ({ locked }) => locked,
    }),
  ],
  report: ({ facts }) => [
    done(say('user.lock.done', { account: plannedAccount.parse(facts).account })),
  ],
});

/** `user unlock NAME`. Also for a deactivated account, which bringing back leaves locked. */
export const userUnlock = defineChange({
  words: ['user', 'unlock'],
  summary: 'user.unlock.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  arguments: { name: { schema: accountName, about: 'user.argument.name' } },
  flags: {},
  uses: ['users', 'identity'],
  examples: ['user unlock alice'],
  account: ({ name }) => name.localpart,
  keepsAccess: () => true,
  resources: ({ name }) => [accountKey(name)],
  async plan(context, input) {
    const account = await resolve(context, input);
    const sentence = say('user.unlock.plan', { account: account.userId });
    return { facts: accountFacts(account), shown: question(account, sentence) };
  },
  steps: [
    accountStep({
      name: 'unlock',
      check: resolve,
      change: ({ users, signal }, localpart) => users.setLocked(localpart, false, signal),
      reached: ({ locked }) => !locked,
    }),
  ],
  report: ({ facts }) => [
    done(say('user.unlock.done', { account: plannedAccount.parse(facts).account })),
  ],
});
