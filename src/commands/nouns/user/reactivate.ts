import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { ReportNode } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import type { Account } from '../../../platform/users/user-directory.ts';
import type { SealedSecrets } from '../../capabilities.ts';
import { defineChange, type Step } from '../../command.ts';
import { resolve, type AccountContext } from './account-step.ts';
import { accountKey, accountName, type Named } from './names.ts';
import { codeNodes, unseal } from '../sealed-secret.ts';
import { sealPassword, setSealedPassword } from './password-steps.ts';
import { accountFacts, done, plannedAccount, question } from './shown-account.ts';

async function target(context: AccountContext, input: Named): Promise<Account> {
  const account = await resolve(context, input);
  if (!account.deactivated) throw new AppError('E_USER_ACTIVE', { account: account.localpart });
  return account;
}

const planned = plannedAccount.extend({ locked: z.boolean() });

/**
 * Brings the account back. That it is active shows that this was done, by us or by somebody else at
 * the same time; which password it then has is not to be seen, so the next step sets ours again.
 */
const bringBack: Step<Named, 'users' | 'sealedSecrets' | 'identity'> = {
  name: 'bring-back',
  async run(context: AccountContext & { readonly sealedSecrets: SealedSecrets }, step) {
    const { localpart } = await target(context, step.input);
    const password = unseal(context.sealedSecrets, step.done);
    await context.users.reactivate(localpart, password, context.signal);
    return {};
  },
  async settle(context, { input }) {
    const { deactivated } = await resolve(context, input);
    return deactivated ? { state: 'not-done' } : { state: 'done', result: {} };
  },
};

/** `user reactivate NAME`: a deactivated account is back, with a password that nobody knew before. */
export const userReactivate = defineChange({
  words: ['user', 'reactivate'],
  summary: 'user.reactivate.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  arguments: { name: { schema: accountName, about: 'user.argument.name', exact: true } },
  flags: {},
  uses: ['users', 'sealedSecrets', 'identity', 'clock'],
  examples: ['user reactivate alice'],
  account: ({ name }) => name.localpart,
  keepsAccess: () => true,
  resources: ({ name }) => [accountKey(name)],
  async plan(context, input) {
    const account = await target(context, input);
    const sentence = say('user.reactivate.plan', { account: account.userId });
    return { facts: accountFacts(account), shown: question(account, sentence) };
  },
  steps: [sealPassword(), bringBack, setSealedPassword(() => true)],
  report(step) {
    const { account, locked } = planned.parse(step.facts);
    const name = step.input.name.localpart;
    const stillLocked: ReportNode = {
      type: 'paragraph',
      text: say('user.reactivate.still-locked', { name }),
    };
    return [
      done(say('user.reactivate.done', { account })),
      ...(locked ? [stillLocked] : []),
      ...codeNodes(step.done, 'user.secret.password'),
    ];
  },
});
