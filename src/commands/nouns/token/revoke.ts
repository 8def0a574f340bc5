import { z } from 'zod';
import type { JsonObject } from '../../../core/json.ts';
import { say } from '../../../core/text.ts';
import { defineChange } from '../../command.ts';
import {
  findToken,
  resolveToken,
  shownEnd,
  shownLimit,
  tokenHandle,
  tokenKey,
} from './found-token.ts';

/**
 * `token revoke HANDLE`. A change and not a `destroy`, which would ask first: nothing is lost that
 * `token create` does not bring back, accounts made with it stay, and whoever revokes a token that
 * got into wrong hands is in a hurry.
 */
export const tokenRevoke = defineChange({
  words: ['token', 'revoke'],
  summary: 'token.revoke.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  arguments: { handle: { schema: tokenHandle, about: 'token.argument.handle' } },
  flags: {},
  uses: ['registrationTokens', 'tokenNotes', 'sealedSecrets'],
  examples: ['token revoke tk3mzp7'],
  account: () => null,
  resources: ({ handle }) => [tokenKey(handle)],
  async plan(context, { handle }) {
    const token = await resolveToken(context, handle);
    const note = context.tokenNotes.noteOf(handle);
    // Not how often it was used: that may rise while a question waits.
    const facts: JsonObject = {
      ...{ handle, note, uses_allowed: token.usesAllowed, expires: token.expiresAt },
    };
    return {
      facts,
      shown: [
        { type: 'paragraph', text: say('token.revoke.plan', { handle }) },
        {
          type: 'fields',
          fields: [
            { id: 'handle', label: say('token.field.handle'), value: handle },
            { id: 'note', label: say('token.field.note'), value: note },
            { id: 'completed', label: say('token.field.uses'), value: token.completed },
            {
              id: 'uses_allowed',
              label: say('token.field.uses-allowed'),
              value: shownLimit(token),
            },
            { id: 'expires', label: say('token.field.expires'), value: shownEnd(token) },
          ],
        },
      ],
    };
  },
  steps: [
    {
      name: 'revoke',
      async run(context, { input }) {
        const { token } = await resolveToken(context, input.handle);
        await context.registrationTokens.revoke(token, context.signal);
        return {};
      },
      // Gone is gone, whoever took it away.
      settle: async (context, { input }) =>
        (await findToken(context, input.handle)) === null
          ? { state: 'done', result: {} }
          : { state: 'not-done' },
      completed: ({ sealedSecrets }, { input }) =>
        sealedSecrets.withdraw(tokenKey(input.handle), 'revoked', null),
    },
  ],
  report({ facts }) {
    const { handle } = z.looseObject({ handle: z.string() }).parse(facts);
    return [{ type: 'outcome', outcome: 'ok', text: say('token.revoke.done', { handle }) }];
  },
});
