import { z } from 'zod';
import { say } from '../../../core/text.ts';
import { defineChange } from '../../command.ts';
import { accountStep, resolve, resolveActive, type AccountContext } from './account-step.ts';
import { accountKey, accountName, type Named } from './names.ts';
import { oneWay } from './one-way.ts';
import { accountFacts, done, plannedAccount, question } from './shown-account.ts';

interface Wish extends Named {
  readonly state: 'on' | 'off';
}

const isOn = ({ state }: Pick<Wish, 'state'>): boolean => state === 'on';

/** The right can be taken from any account, but given only to one in use. */
const target = (context: AccountContext, input: Wish) =>
  isOn(input) ? resolveActive(context, input) : resolve(context, input);

/**
 * `user admin NAME on|off`: whether the account is an admin of the home server. Taking it away acts
 * on a server admin, so the guards leave that to `owner`, and keep the last one. Giving it asks first,
 * on the terminal too: from a room nobody can take it back, and it hands over the whole home server.
 */
export const userAdmin = defineChange({
  words: ['user', 'admin'],
  summary: 'user.admin.summary',
  role: 'admin',
  effect: 'change',
  surface: 'everywhere',
  arguments: {
    name: { schema: accountName, about: 'user.argument.name', exact: true },
    state: { schema: z.enum(['on', 'off']), about: 'user.argument.on-off' },
  },
  flags: {},
  uses: ['users', 'identity'],
  examples: ['user admin alice on'],
  account: ({ name }) => name.localpart,
  keepsAccess: isOn,
  keepsLogin: () => true,
  asksFirst: isOn,
  resources: ({ name }) => [accountKey(name)],
  async plan(context, input) {
    const account = await target(context, input);
    const sentences = isOn(input)
      ? [say('user.admin.plan-on', { account: account.userId }), oneWay(account.localpart)]
      : [say('user.admin.plan-off', { account: account.userId })];
    return { facts: accountFacts(account), shown: question(account, ...sentences) };
  },
  steps: [
    accountStep<Wish>({
      name: 'set-admin',
      check: target,
      change: ({ users, signal }, localpart, { input }) =>
        users.setServerAdmin(localpart, isOn(input), signal),
      reached: ({ serverAdmin }, { input }) => serverAdmin === isOn(input),
    }),
  ],
  report({ input, facts }) {
    const { account } = plannedAccount.parse(facts);
    const key = isOn(input) ? 'user.admin.done-on' : 'user.admin.done-off';
    return [done(say(key, { account }))];
  },
});
