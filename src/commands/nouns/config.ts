import { z } from 'zod';
import type { Field } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import { defineChange, defineRead } from '../command.ts';

const reloaded = z.object({
  file: z.string().default(''),
  isRunning: z.boolean().default(true),
  changed: z.array(z.string()),
  needsRestart: z.array(z.string()),
});

/** `config show`: the config that is in force, secrets masked. */
export const configShow = defineRead({
  words: ['config', 'show'],
  summary: 'config.show.summary',
  role: 'admin',
  surface: 'everywhere',
  uses: ['config'],
  arguments: {},
  flags: {},
  examples: ['config show'],
  async *run({ config }) {
    yield await Promise.resolve({
      type: 'code',
      content: config.redacted(),
      language: 'yaml',
    } as const);
  },
});

/** `config reload`: reads the config file again. */
export const configReload = defineChange({
  words: ['config', 'reload'],
  summary: 'config.reload.summary',
  role: 'admin',
  effect: 'change',
  surface: 'everywhere',
  uses: ['config'],
  arguments: {},
  flags: {},
  examples: ['config reload'],
  account: () => null,
  resources: () => ['config'],
  plan: () =>
    Promise.resolve({
      facts: {},
      shown: [{ type: 'paragraph', text: say('config.reload.plan') }],
    }),
  steps: [
    {
      name: 'reload',
      run: async ({ config }) => ({ ...(await config.reload()) }),
      // Reading it once more does no harm; a file that was refused must not be called read.
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
  ],
  report: ({ done }) => {
    const { file, isRunning, changed, needsRestart } = reloaded.parse(done['reload']);
    if (!isRunning) {
      const text = say('config.no-bot', { file });
      return [{ type: 'outcome', outcome: 'warning', text }];
    }
    const fields: Field[] = [
      { id: 'changed', label: say('config.changed'), value: changed.join(', ') },
      { id: 'needs_restart', label: say('config.needs-restart'), value: needsRestart.join(', ') },
    ].filter((field) => field.value !== '');
    return [
      needsRestart.length === 0
        ? {
            type: 'outcome',
            outcome: 'ok',
            text: say(changed.length === 0 ? 'config.same' : 'config.reloaded'),
          }
        : { type: 'outcome', outcome: 'warning', text: say('config.reloaded-partly') },
      ...(fields.length === 0 ? [] : [{ type: 'fields', fields } as const]),
    ];
  },
});
