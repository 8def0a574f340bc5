import { z } from 'zod';
import { say } from '../../../core/text.ts';
import { defineChange } from '../../command.ts';
import { duration } from './duration.ts';
import { findSilence, resolveSilence, silenceFields, silenceId } from './found-silence.ts';

const planned = z.looseObject({ silence: z.string(), endsAt: z.int() });

/** `silence extend ID LENGTH`: lasts so much longer than it would have. */
export const silenceExtend = defineChange({
  words: ['silence', 'extend'],
  summary: 'silence.extend.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  needs: 'alerts',
  arguments: {
    id: { schema: silenceId, about: 'silence.argument.id' },
    length: { schema: duration, about: 'silence.argument.length' },
  },
  flags: {},
  uses: ['alerts'],
  examples: ['silence extend 0b4c9a2e 1h'],
  account: () => null,
  resources: ({ id }) => [`silence:${id}`],
  async plan({ alerts, signal }, input) {
    const silence = await resolveSilence(alerts, input.id, signal);
    const endsAt = silence.endsAt + input.length;
    const params = { silence: silence.id, until: { moment: endsAt } };
    return {
      facts: { silence: silence.id, endsAt },
      shown: [
        { type: 'paragraph', text: say('silence.extend.plan', params) },
        { type: 'fields', fields: silenceFields({ ...silence, endsAt }) },
      ],
    };
  },
  steps: [
    {
      name: 'extend',
      async run({ alerts, signal }, { facts }) {
        const { silence: id, endsAt } = planned.parse(facts);
        const { matchers, startsAt, createdBy, comment } = await resolveSilence(alerts, id, signal);
        await alerts.putSilence({ id, matchers, startsAt, endsAt, createdBy, comment }, signal);
        return {};
      },
      async settle({ alerts, signal }, { facts }) {
        const { silence: id, endsAt } = planned.parse(facts);
        const found = await findSilence(alerts, id, signal);
        return found?.endsAt === endsAt ? { state: 'done', result: {} } : { state: 'not-done' };
      },
    },
  ],
  report({ facts }) {
    const { silence, endsAt } = planned.parse(facts);
    const params = { silence, until: { moment: endsAt } };
    return [{ type: 'outcome', outcome: 'ok', text: say('silence.extend.done', params) }];
  },
});
