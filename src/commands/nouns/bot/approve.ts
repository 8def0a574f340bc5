import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import {
  parseLocalpart,
  parseUserId,
  userIdOf,
  type Localpart,
  type UserId,
} from '../../../core/ids.ts';
import type { JsonObject } from '../../../core/json.ts';
import { say } from '../../../core/text.ts';
import { defineChange } from '../../command.ts';
import { keyText } from './key-text.ts';

const user = z.string().transform(parseUserId);
/** A person of this home server may be named without it. */
const named = z
  .string()
  .transform((text): UserId | Localpart =>
    text.includes(':') ? parseUserId(text) : parseLocalpart(text.replace(/^@/, '')),
  );
const factsSchema = z.object({ user, from: z.string(), to: z.string() });

/**
 * `bot approve`: a person who has reset his identity has his role again. Only on the server: whoever
 * took over an account could otherwise approve himself.
 */
export const botApprove = defineChange({
  words: ['bot', 'approve'],
  summary: 'bot.approve.summary',
  role: 'owner',
  surface: 'terminal',
  effect: 'change',
  uses: ['botIdentity', 'identity'],
  arguments: { user: { schema: named, about: 'bot.argument.user', exact: true } },
  flags: {},
  examples: ['bot approve alice', 'bot approve @alice:example.org'],
  account: () => null,
  asksFirst: () => true,
  resources: () => ['identities'],
  plan({ botIdentity, identity }, input) {
    const person = personMeant(input.user, identity.serverName);
    const pin = botIdentity.person(person);
    if (pin === null) throw new AppError('E_PERSON_UNPINNED', { user: person });
    const { claimed, claimedAt, masterKey } = pin;
    if (claimed === null) throw new AppError('E_PERSON_UNCHANGED', { user: person });
    return Promise.resolve({
      facts: { user: person, from: masterKey, to: claimed },
      shown: [
        { type: 'paragraph', text: say('bot.approve.plan', { user: person }) },
        {
          type: 'fields',
          fields: [
            { id: 'old_key', label: say('bot.approve.old'), value: keyText(masterKey) },
            { id: 'new_key', label: say('bot.approve.new'), value: keyText(claimed) },
            {
              id: 'seen_first',
              label: say('bot.approve.when'),
              value: claimedAt === null ? null : { moment: claimedAt },
            },
          ],
        },
      ],
    });
  },
  steps: [
    {
      name: 'approve',
      async run({ botIdentity }, { facts }) {
        const { user: person, to } = factsSchema.parse(facts);
        if (!(await botIdentity.approve(person, to))) throw new AppError('E_CONFIRM_CHANGED');
        return {};
      },
      settle({ botIdentity }, { facts }) {
        const { user: person, to } = factsSchema.parse(facts);
        const isDone = botIdentity.person(person)?.masterKey === to;
        return Promise.resolve(isDone ? { state: 'done', result: {} } : { state: 'not-done' });
      },
    },
  ],
  report: ({ facts }) => [
    { type: 'outcome', outcome: 'ok', text: say('bot.approve.done', personOf(facts)) },
  ],
});

function personMeant(name: UserId | Localpart, serverName: string): UserId {
  return name.startsWith('@') ? parseUserId(name) : userIdOf(parseLocalpart(name), serverName);
}

function personOf(facts: JsonObject) {
  return { user: factsSchema.parse(facts).user };
}
