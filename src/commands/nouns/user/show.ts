import { say } from '../../../core/text.ts';
import { defineRead } from '../../command.ts';
import { resolve } from './account-step.ts';
import { accountName } from './names.ts';
import { accountFields } from './shown-account.ts';

/** `user show NAME`. */
export const userShow = defineRead({
  words: ['user', 'show'],
  summary: 'user.show.summary',
  role: 'viewer',
  surface: 'everywhere',
  arguments: { name: { schema: accountName, about: 'user.argument.name', exact: true } },
  flags: {},
  uses: ['users', 'people', 'identity'],
  examples: ['user show alice', 'user show @alice:example.org'],
  async *run(context, input) {
    // The example server of the help is not ours; `resolve` says so when somebody types it.
    const account = await resolve(context, input);
    const role = context.people.roleOfAccount(account.localpart);
    yield { type: 'title', text: say('user.show.title', { account: account.userId }) };
    yield {
      type: 'fields',
      fields: [
        ...accountFields(account),
        {
          id: 'role',
          label: say('user.field.role'),
          value: role === null ? null : say(`role.${role}`),
        },
      ],
    };
  },
});
