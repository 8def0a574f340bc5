import { z } from 'zod';
import { say } from '../../../core/text.ts';
import { defineChange } from '../../command.ts';
import { resolveActive } from './account-step.ts';
import { accountKey, accountName, type Named } from './names.ts';
import { codeNodes } from '../sealed-secret.ts';
import { sealPassword, setSealedPassword } from './password-steps.ts';
import { accountFacts, done, plannedAccount, question } from './shown-account.ts';

interface Wish extends Named {
  readonly 'keep-devices': boolean;
}

/** `user password NAME`: a new password, handed over on the server. */
export const userPassword = defineChange({
  words: ['user', 'password'],
  summary: 'user.password.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  arguments: { name: { schema: accountName, about: 'user.argument.name', exact: true } },
  flags: { 'keep-devices': { schema: z.boolean(), about: 'user.flag.keep-devices' } },
  uses: ['users', 'sealedSecrets', 'identity', 'clock'],
  examples: ['user password alice', 'user password alice --keep-devices'],
  account: ({ name }) => name.localpart,
  keepsAccess: () => true,
  byOwnClient: true,
  resources: ({ name }) => [accountKey(name)],
  async plan(context, input) {
    const account = await resolveActive(context, input);
    const keeps = input['keep-devices'];
    const sentence = say(keeps ? 'user.password.plan-keep' : 'user.password.plan', {
      account: account.userId,
    });
    return { facts: accountFacts(account), shown: question(account, sentence) };
  },
  steps: [sealPassword(), setSealedPassword<Wish>((input) => !input['keep-devices'])],
  report(step) {
    const { account } = plannedAccount.parse(step.facts);
    const keeps = step.input['keep-devices'];
    return [
      done(say(keeps ? 'user.password.done-keep' : 'user.password.done', { account })),
      ...codeNodes(step.done, 'user.secret.password'),
    ];
  },
});
