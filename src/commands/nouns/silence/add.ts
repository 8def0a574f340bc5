import { z } from 'zod';
import type { ReportNode } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import { writeMatcher } from '../../../platform/alertmanager/alertmanager-api.ts';
import { actorName } from '../../actor-name.ts';
import { defineChange } from '../../command.ts';
import { oneLine } from '../alert/target.ts';
import { conditionsOf, silenceTargets } from './conditions.ts';
import { duration } from './duration.ts';
import { silenceFields } from './found-silence.ts';

const matcher = z.object({
  name: z.string(),
  value: z.string(),
  isRegex: z.boolean(),
  isEqual: z.boolean(),
});
/** Frozen by a question: what the id means then, not what it may mean later. */
const planned = z.looseObject({ matchers: z.array(matcher) });
const beginning = z.looseObject({ startsAt: z.int(), covers: z.int() });
const made = z.looseObject({ id: z.string(), endsAt: z.int() });

/** `silence add LENGTH REASON TARGET…`, on Alertmanager, in the name of whoever asks. */
export const silenceAdd = defineChange({
  words: ['silence', 'add'],
  summary: 'silence.add.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  needs: 'alerts',
  arguments: {
    length: { schema: duration, about: 'silence.argument.length' },
    reason: { schema: oneLine(300, 'silence.reason.text'), about: 'silence.argument.reason' },
    targets: { schema: silenceTargets, about: 'silence.argument.target', rest: true },
  },
  flags: {},
  uses: ['alerts', 'clock'],
  examples: [
    'silence add 2h "new disk is on its way" g0123456789',
    'silence add 1d12h maintenance job=node pod!~test-.+',
  ],
  account: () => null,
  resources: () => [],
  async plan({ alerts, clock, actor, signal }, input) {
    const matchers = conditionsOf(alerts, input.targets);
    const count = await alerts.covered(matchers, signal);
    const endsAt = clock.now() + input.length;
    const wanted = { matchers, endsAt, createdBy: actorName(actor), comment: input.reason };
    return {
      facts: { matchers: matchers.map((each) => ({ ...each })) },
      shown: [
        { type: 'paragraph', text: say('silence.add.plan', { count }) },
        { type: 'fields', fields: silenceFields(wanted) },
      ],
    };
  },
  steps: [
    {
      // Known before it is asked for, so that it can be found again after a crash.
      name: 'count-alerts',
      run: async ({ alerts, clock, signal }, { facts }) => ({
        startsAt: clock.now(),
        covers: await alerts.covered(planned.parse(facts).matchers, signal),
      }),
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
    {
      name: 'make-silence',
      async run({ alerts, actor, signal }, { input, facts, done }) {
        const { startsAt } = beginning.parse(done['count-alerts']);
        const endsAt = startsAt + input.length;
        const { matchers } = planned.parse(facts);
        const rest = { createdBy: actorName(actor), comment: input.reason };
        const id = await alerts.putSilence({ matchers, startsAt, endsAt, ...rest }, signal);
        return { id, endsAt };
      },
      async settle({ alerts, actor, signal }, { input, done }) {
        const endsAt = beginning.parse(done['count-alerts']).startsAt + input.length;
        // To the millisecond, by the same person, for the same reason.
        const found = (await alerts.silences(signal)).find(
          (silence) =>
            silence.endsAt === endsAt &&
            silence.createdBy === actorName(actor) &&
            silence.comment === input.reason,
        );
        if (found === undefined) return { state: 'not-done' };
        return { state: 'done', result: { id: found.id, endsAt } };
      },
    },
  ],
  report({ facts, done }) {
    const { id, endsAt } = made.parse(done['make-silence']);
    const { covers: count } = beginning.parse(done['count-alerts']);
    const params = { silence: id, until: { moment: endsAt } };
    const value = planned.parse(facts).matchers.map(writeMatcher).join(' ');
    const matched: ReportNode = {
      type: 'fields',
      fields: [{ id: 'conditions', label: say('silence.field.conditions'), value }],
    };
    return count === 0
      ? [
          { type: 'outcome', outcome: 'warning', text: say('silence.add.nothing', params) },
          matched,
          { type: 'hint', text: say('silence.add.nothing.next', { silence: id }) },
        ]
      : [
          { type: 'outcome', outcome: 'ok', text: say('silence.add.done', { ...params, count }) },
          matched,
        ];
  },
});
