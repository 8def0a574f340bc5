import { z } from 'zod';
import { say } from '../../../core/text.ts';
import { defineChange } from '../../command.ts';
import { accountStep, resolveActive } from './account-step.ts';
import { accountKey, accountName, displayName, type Named } from './names.ts';
import { accountFacts, done, plannedAccount, question } from './shown-account.ts';

interface Wish extends Named {
  readonly displayName: string;
}

/** `user rename NAME DISPLAYNAME...`: what others see. The Matrix id never changes. */
export const userRename = defineChange({
  words: ['user', 'rename'],
  summary: 'user.rename.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  arguments: {
    name: { schema: accountName, about: 'user.argument.name', exact: true },
    displayName: {
      schema: z
        .array(z.string())
        .min(1)
        .transform((words) => words.join(' '))
        .pipe(displayName),
      about: 'user.argument.display-name',
      rest: true,
    },
  },
  flags: {},
  uses: ['users', 'identity'],
  examples: ['user rename alice Alice Example'],
  account: ({ name }) => name.localpart,
  keepsAccess: () => true,
  byOwnClient: true,
  resources: ({ name }) => [accountKey(name)],
  async plan(context, input) {
    const account = await resolveActive(context, input);
    const params = { account: account.userId, name: input.displayName };
    return {
      facts: accountFacts(account),
      shown: question(
        account,
        say('user.rename.plan', params),
        say('user.rename.id-stays', params),
      ),
    };
  },
  steps: [
    accountStep<Wish>({
      name: 'set-display-name',
      check: resolveActive,
      change: ({ users, signal }, localpart, { input }) =>
        users.setDisplayName(localpart, input.displayName, signal),
      reached: (account, { input }) => account.displayName === input.displayName,
    }),
  ],
  report({ input, facts }) {
    const { account } = plannedAccount.parse(facts);
    return [
      done(say('user.rename.done', { account, name: input.displayName })),
      { type: 'hint', text: say('user.rename.id-stays', { account }) },
    ];
  },
});
