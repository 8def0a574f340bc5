import { z } from 'zod';
import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import { translate } from '../../core/words/translate.ts';
import { defineChange } from '../command.ts';

const channelName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
  .optional();
const answers = z.array(
  z.object({
    channel: z.string(),
    result: z.enum(['taken', 'refused', 'unsure']),
    said: z.string(),
  }),
);
const sent = z.looseObject({ answers });

/** `notify test [CHANNEL]`: tries the ways out that need no Matrix, before they are needed. */
export const notifyTest = defineChange({
  words: ['notify', 'test'],
  summary: 'notify.test.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  needs: 'notify',
  arguments: {
    channel: { schema: channelName, about: 'notify.test.channel', optional: true },
  },
  flags: {},
  uses: ['notify', 'identity'],
  examples: ['notify test', 'notify test ntfy'],
  account: () => null,
  resources: () => ['notify'],
  plan({ notify }, { channel }) {
    return Promise.resolve().then(() => {
      const channels = notify.names(channel ?? null);
      return {
        facts: { channels: [...channels] },
        shown: [
          {
            type: 'paragraph',
            text: say('notify.test.plan', { channels: channels.join(', ') }),
          },
        ],
      };
    });
  },
  steps: [
    {
      name: 'send',
      timeoutMs: 90_000,
      run: async ({ notify, identity, language, signal }, { input }) => {
        const { serverName: server } = identity;
        const words = {
          title: translate(say('notify.test.title', { server }), language),
          lines: [translate(say('notify.test.text'), language)],
        };
        const found = await notify.test(input.channel ?? null, words, signal);
        return { answers: found.map((each) => ({ ...each })) };
      },
      // A test message twice harms nobody.
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
  ],
  report({ done }) {
    const found = sent.parse(done['send']).answers;
    const failed = found.filter(({ result }) => result !== 'taken').length;
    const table: ReportNode = {
      type: 'table',
      id: 'channels',
      columns: [
        { id: 'channel', label: say('notify.column.channel') },
        { id: 'result', label: say('notify.column.result') },
        { id: 'answer', label: say('notify.column.answer') },
      ],
      rows: found.map(({ channel, result, said }) => [
        channel,
        say(`notify.result.${result}`),
        said,
      ]),
    };
    const all = found.length;
    return failed === 0
      ? [{ type: 'outcome', outcome: 'ok', text: say('notify.test.done', { count: all }) }, table]
      : [
          {
            type: 'outcome',
            outcome: 'failed',
            text: say('notify.test.failed', { count: failed, all }),
          },
          table,
        ];
  },
});
