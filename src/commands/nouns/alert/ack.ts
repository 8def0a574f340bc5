import { z } from 'zod';
import { say } from '../../../core/text.ts';
import { actorName } from '../../actor-name.ts';
import { defineChange } from '../../command.ts';
import { alertTarget, oneLine } from './target.ts';

const counted = z.looseObject({ count: z.int() });
const note = oneLine(200, 'alert.reason.note').optional();

/** `alert ack ID [NOTE]`: says in the room who sees to it. Alertmanager knows nothing of that. */
export const alertAck = defineChange({
  words: ['alert', 'ack'],
  summary: 'alert.ack.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  needs: 'alerts',
  arguments: {
    target: { schema: alertTarget, about: 'alert.argument.target' },
    note: { schema: note, about: 'alert.argument.note', optional: true },
  },
  flags: {},
  uses: ['alerts'],
  examples: ['alert ack g0123456789', 'alert ack 0123456789abcdef "restarting the database"'],
  account: () => null,
  resources: ({ target }) => [`alert:${target}`],
  plan({ alerts }, { target }) {
    return Promise.resolve().then(() => {
      const count = alerts.firingOf(target).length;
      // How many fire may change while a question waits.
      return {
        facts: { target },
        shown: [{ type: 'paragraph', text: say('alert.ack.plan', { count }) }],
      };
    });
  },
  steps: [
    {
      name: 'acknowledge',
      run: ({ alerts, actor }, { input }) =>
        Promise.resolve().then(() => ({
          count: alerts.acknowledge(input.target, actorName(actor), input.note ?? null),
        })),
      // Saying it again changes nothing.
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
  ],
  report({ done }) {
    const { count } = counted.parse(done['acknowledge']);
    return [{ type: 'outcome', outcome: 'ok', text: say('alert.ack.done', { count }) }];
  },
});
