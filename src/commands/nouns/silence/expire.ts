import { z } from 'zod';
import { say } from '../../../core/text.ts';
import { defineChange } from '../../command.ts';
import { findSilence, resolveSilence, silenceFields, silenceId } from './found-silence.ts';

const planned = z.looseObject({ silence: z.string() });

/** `silence expire ID`: what it covered is told of again. */
export const silenceExpire = defineChange({
  words: ['silence', 'expire'],
  summary: 'silence.expire.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  needs: 'alerts',
  arguments: { id: { schema: silenceId, about: 'silence.argument.id' } },
  flags: {},
  uses: ['alerts'],
  examples: ['silence expire 0b4c9a2e'],
  account: () => null,
  resources: ({ id }) => [`silence:${id}`],
  async plan({ alerts, signal }, { id }) {
    const silence = await resolveSilence(alerts, id, signal);
    return {
      facts: { silence: silence.id },
      shown: [
        { type: 'paragraph', text: say('silence.expire.plan', { silence: silence.id }) },
        { type: 'fields', fields: silenceFields(silence) },
      ],
    };
  },
  steps: [
    {
      name: 'expire',
      async run({ alerts, signal }, { facts }) {
        await alerts.expire(planned.parse(facts).silence, signal);
        return {};
      },
      // Over is over, whoever ended it.
      settle: async ({ alerts, signal }, { facts }) =>
        (await findSilence(alerts, planned.parse(facts).silence, signal)) === null
          ? { state: 'done', result: {} }
          : { state: 'not-done' },
    },
  ],
  report({ facts }) {
    const { silence } = planned.parse(facts);
    return [{ type: 'outcome', outcome: 'ok', text: say('silence.expire.done', { silence }) }];
  },
});
