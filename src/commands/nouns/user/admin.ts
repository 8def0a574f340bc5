import { z } from 'zod';
import { say } from '../../../core/text.ts';
import { defineChange } from '../../command.ts';
import { accountStep, resolve, resolveActive, type AccountContext } from './account-step.ts';
import { accountKey, accountName, type Named } from './names.ts';
import { accountFacts, done, plannedAccount, question } from './shown-account.ts';

interface Wish extends Named {
  readonly state: 'on' | 'off';
}

/** The right can be taken from any account, but given only to one in use. */
const target = (context: AccountContext, input: Wish) =>
  input.state === 'on' ? resolveActive(context, input) : resolve(context, input);

/**
 * `user admin NAME on|off`: whether the account is an admin of the home server. Taking it away acts
 * on a server admin, so the guards leave that to `owner`, and keep the last one.
 */
export const userAdmin = defineChange({
  words: ['user', 'admin'],
  summary: 'user.admin.summary',
  role: 'admin',
  effect: 'change',
  surface: 'everywhere',
  arguments: {
    name: { schema: accountName, about: 'user.argument.name' },
    state: { schema: z.enum(['on', 'off']), about: 'user.argument.on-off' },
  },
  flags: {},
  uses: ['users', 'identity'],
  examples: ['user admin alice on', 'user admin alice off'],
  account: ({ name }) => name.localpart,
  keepsAccess: ({ state }) => state === 'on',
  resources: ({ name }) => [accountKey(name)],
  async plan(context, input) {
    const account = await target(context, input);
    const key = input.state === 'on' ? 'user.admin.plan-on' : 'user.admin.plan-off';
    const sentence = say(key, { account: account.userId });
    return { facts: accountFacts(account), shown: question(account, sentence) };
  },
  steps: [
    accountStep<Wish>({
      name: 'set-admin',
      check: target,
      change: ({ users, signal }, localpart, { input }) =>
        users.setServerAdmin(localpart, input.state === 'on', signal),
      reached: ({ serverAdmin }, { input }) => serverAdmin === (input.state === 'on'),
    }),
  ],
  report({ input, facts }) {
    const { account } = plannedAccount.parse(facts);
    const key = input.state === 'on' ? 'user.admin.done-on' : 'user.admin.done-off';
    return [done(say(key, { account }))];
  },
});
