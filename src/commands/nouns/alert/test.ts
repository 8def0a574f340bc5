import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { say } from '../../../core/text.ts';
import { translate } from '../../../core/words/translate.ts';
import { exactly, type AlertBoard } from '../../../ops/alerts/alert-board.ts';
import { severities } from '../../../ops/alerts/severity.ts';
import { testLabel } from '../../../ops/alerts/test-alerts.ts';
import { actorName } from '../../actor-name.ts';
import { defineChange } from '../../command.ts';

const begun = z.looseObject({ id: z.string(), text: z.string(), startsAt: z.int() });
const arrived = z.looseObject({
  afterMs: z.int(),
  /** When the room is told of it, if that is not at once. */
  quiet: z.object({ to: z.string(), timeZone: z.string() }).nullable(),
});

/** `group_wait` is half a minute unless somebody has changed it, ms. */
const waitMs = 75_000;

/** Nobody would ever hear of it. Throws `E_ALERT_TEST_SILENCED`, and `E_ALERTMANAGER_*`. */
async function assertHeard(
  alerts: Pick<AlertBoard, 'silencing' | 'tests'>,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  if (alerts.tests.way !== 'alertmanager') return;
  const [found] = await alerts.silencing(exactly({ [testLabel]: id }), null, signal);
  if (found === undefined) return;
  const { id: silence, createdBy: person, endsAt } = found.silence;
  const until = { moment: endsAt };
  throw new AppError('E_ALERT_TEST_SILENCED', { test: id, silence, person, until });
}

/** `alert test`: the only way to know that an alert would come through is one that does. */
export const alertTest = defineChange({
  words: ['alert', 'test'],
  summary: 'alert.test.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  needs: 'alerts',
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
      name: 'prepare-test',
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
      name: 'send-test',
      async run({ alerts, signal }, { input: { severity }, done }) {
        await alerts.tests.begin({ ...begun.parse(done['prepare-test']), severity }, signal);
        return {};
      },
      // The same alert sent twice is one alert.
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
    {
      name: 'wait-for-arrival',
      timeoutMs: waitMs + 10_000,
      async run({ alerts, clock, speech, signal }, { input: { severity }, done }) {
        const { id, startsAt } = begun.parse(done['prepare-test']);
        await assertHeard(alerts, id, signal);
        speech.progress(say('alert.test.waiting'));
        if (!(await alerts.tests.arrives(id, waitMs, signal))) {
          throw new AppError('E_ALERT_TEST_LOST', { test: id, within: { span: waitMs } });
        }
        const hours = severity === 'critical' ? null : alerts.quietNow();
        return {
          afterMs: Math.max(0, Math.round(clock.now() - startsAt)),
          quiet: hours === null ? null : { to: hours.to, timeZone: hours.timeZone },
        };
      },
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
    {
      name: 'end-test',
      async run({ alerts, signal }, { input: { severity }, done }) {
        await alerts.tests.end({ ...begun.parse(done['prepare-test']), severity }, signal);
        return {};
      },
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
  ],
  report({ done }) {
    const { afterMs, quiet } = arrived.parse(done['wait-for-arrival']);
    const { id } = begun.parse(done['prepare-test']);
    const after = { span: afterMs };
    const fields = {
      type: 'fields',
      fields: [{ id: 'test', label: say('alert.field.test'), value: id }],
    } as const;
    if (quiet === null) {
      return [{ type: 'outcome', outcome: 'ok', text: say('alert.test.done', { after }) }, fields];
    }
    const params = { after, to: quiet.to, zone: quiet.timeZone };
    return [
      { type: 'outcome', outcome: 'ok', text: say('alert.test.done-quiet', params) },
      fields,
      { type: 'hint', text: say('alert.test.done-quiet.next') },
    ];
  },
});
