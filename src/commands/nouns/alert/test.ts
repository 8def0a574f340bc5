import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { say } from '../../../core/text.ts';
import { translate } from '../../../core/words/translate.ts';
import { severities } from '../../../ops/alerts/severity.ts';
import { actorName } from '../../actor-name.ts';
import { defineChange } from '../../command.ts';

const begun = z.looseObject({ id: z.string(), text: z.string(), startsAt: z.int() });
const arrived = z.looseObject({ afterMs: z.int() });

/** `group_wait` is half a minute unless somebody has changed it, ms. */
const waitMs = 75_000;

/** `alert test`: the only way to know that an alert would come through is one that does. */
export const alertTest = defineChange({
  words: ['alert', 'test'],
  summary: 'alert.test.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  arguments: {},
  flags: {
    severity: {
      schema: z.enum(severities).default('warning'),
      about: 'alert.flag.severity',
      value: 'SEVERITY',
    },
  },
  uses: ['alerts', 'clock', 'speech'],
  examples: ['alert test', 'alert test --severity=critical'],
  account: () => null,
  resources: () => ['alert-test'],
  plan({ alerts }, { severity }) {
    return Promise.resolve().then(() => ({
      facts: { severity },
      shown: [
        { type: 'paragraph', text: say('alert.test.plan') },
        {
          type: 'fields',
          fields: [
            {
              id: 'way',
              label: say('alert.field.way'),
              value: say(`alert.test.way.${alerts.tests.way}`),
            },
            {
              id: 'severity',
              label: say('alert.field.severity'),
              value: say(`alert.severity.${severity}`),
            },
          ],
        },
      ],
    }));
  },
  steps: [
    {
      name: 'begin',
      run: ({ clock, actor, language }) =>
        Promise.resolve({
          // Told apart from every other test, and short enough to be found in a log.
          id: clock.now().toString(16),
          startsAt: clock.now(),
          text: translate(say('alert.test.text', { person: actorName(actor) }), language),
        }),
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
    {
      name: 'send',
      async run({ alerts, signal }, { input: { severity }, done }) {
        await alerts.tests.begin({ ...begun.parse(done['begin']), severity }, signal);
        return {};
      },
      // The same alert sent twice is one alert.
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
    {
      name: 'wait',
      timeoutMs: waitMs + 10_000,
      async run({ alerts, clock, speech, signal }, { done }) {
        const { id, startsAt } = begun.parse(done['begin']);
        speech.progress(say('alert.test.waiting'));
        if (!(await alerts.tests.arrives(id, waitMs, signal))) {
          throw new AppError('E_ALERT_TEST_LOST', { test: id, within: { span: waitMs } });
        }
        return { afterMs: Math.max(0, Math.round(clock.now() - startsAt)) };
      },
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
    {
      name: 'end',
      async run({ alerts, signal }, { input: { severity }, done }) {
        await alerts.tests.end({ ...begun.parse(done['begin']), severity }, signal);
        return {};
      },
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
  ],
  report({ done }) {
    const { afterMs } = arrived.parse(done['wait']);
    const text = say('alert.test.done', { after: { span: afterMs } });
    return [
      { type: 'outcome', outcome: 'ok', text },
      {
        type: 'fields',
        fields: [
          { id: 'test', label: say('alert.field.test'), value: begun.parse(done['begin']).id },
        ],
      },
    ];
  },
});
