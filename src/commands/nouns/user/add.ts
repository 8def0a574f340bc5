import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ReportNode } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import { userIdOf } from '../../../core/ids.ts';
import { reaches, type Actor } from '../../actor.ts';
import { defineChange, type Step } from '../../command.ts';
import { accountStep, resolveActive } from './account-step.ts';
import { makeAccount } from './make-account.ts';
import { accountKey, displayName, newAccountName, ours, type Named } from './names.ts';
import { codeNodes } from '../sealed-secret.ts';
import { sealPassword, setSealedPassword } from './password-steps.ts';
import { oneWay } from './one-way.ts';
import { done, plannedAccount } from './shown-account.ts';

interface Wish extends Named {
  readonly 'display-name': string | undefined;
  readonly admin: boolean;
}

/**
 * `user add` is for operators, but whoever makes a server admin hands over the whole home server:
 * `--admin` asks for the role that `user admin` has. Asked when it is planned and when it runs.
 */
function mayMakeAdmin(actor: Actor, { admin }: Wish): void {
  if (!admin || reaches(actor.rank, 'admin')) return;
  throw new AppError('E_ROLE_TOO_LOW', {
    command: 'user add --admin',
    needed: say('role.admin'),
    role: say(`role.${actor.rank}`),
  });
}

type Used = 'users' | 'identity';

const make: Step<Wish, Used> = {
  ...makeAccount,
  run: async (context, step) => {
    mayMakeAdmin(context.actor, step.input);
    return await makeAccount.run(context, step);
  },
};

const setDisplayName: Step<Wish, Used> = {
  ...accountStep<Wish>({
    name: 'set-display-name',
    check: resolveActive,
    change: ({ users, signal }, localpart, { input }) =>
      users.setDisplayName(localpart, input['display-name'] ?? localpart, signal),
    reached: (account, { input }) => account.displayName === input['display-name'],
  }),
  applies: (input) => input['display-name'] !== undefined,
};

const grantAdmin: Step<Wish, Used> = {
  ...accountStep<Wish>({
    name: 'grant-admin',
    check(context, input) {
      mayMakeAdmin(context.actor, input);
      return resolveActive(context, input);
    },
    change: ({ users, signal }, localpart) => users.setServerAdmin(localpart, true, signal),
    reached: (account) => account.serverAdmin,
  }),
  applies: (input) => input.admin,
};

/** `user add NAME`: an account with a new password, which is handed over on the server. */
export const userAdd = defineChange({
  words: ['user', 'add'],
  summary: 'user.add.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  arguments: { name: { schema: newAccountName, about: 'user.argument.new-name', exact: true } },
  flags: {
    'display-name': {
      schema: displayName.optional(),
      about: 'user.flag.display-name',
      value: 'TEXT',
    },
    admin: { schema: z.boolean(), about: 'user.flag.admin' },
  },
  uses: ['users', 'sealedSecrets', 'identity', 'clock'],
  examples: ['user add alice', 'user add alice --display-name="Alice Example"'],
  // The name may be that of a person who has a role but no account yet: making it takes the role over.
  account: ({ name }) => name.localpart,
  keepsAccess: () => true,
  asksFirst: ({ admin }) => admin,
  resources: ({ name }) => [accountKey(name)],
  async plan({ actor, users, identity, signal }, input) {
    mayMakeAdmin(actor, input);
    const localpart = ours(input.name, identity.serverName);
    if ((await users.find(localpart, signal)) !== null) {
      throw new AppError('E_USER_EXISTS', { account: localpart });
    }
    const account = userIdOf(localpart, identity.serverName);
    const name = input['display-name'] ?? localpart;
    const facts: JsonObject = { account, display_name: name, server_admin: input.admin };
    const adminToo: readonly ReportNode[] = [
      { type: 'paragraph', text: say('user.add.plan-admin') },
      { type: 'paragraph', text: oneWay(localpart) },
    ];
    const shown: readonly ReportNode[] = [
      { type: 'paragraph', text: say('user.add.plan', { account }) },
      ...(input.admin ? adminToo : []),
      {
        type: 'fields',
        fields: [
          { id: 'account', label: say('user.field.account'), value: account },
          { id: 'display_name', label: say('user.field.display-name'), value: name },
          { id: 'server_admin', label: say('user.field.admin'), value: input.admin },
        ],
      },
    ];
    return { facts, shown };
  },
  steps: [sealPassword(), make, setSealedPassword(() => true), setDisplayName, grantAdmin],
  report: (step) => [
    done(say('user.add.done', { account: plannedAccount.parse(step.facts).account })),
    ...codeNodes(step.done, 'user.secret.password'),
  ],
});
