import { z } from 'zod';
import { defineChange, defineRead, type Command } from '../../../src/commands/command.ts';
import { indexCommands } from '../../../src/commands/command-index.ts';
import { because } from '../../../src/commands/parse/reason.ts';
import { parseLocalpart } from '../../../src/core/ids.ts';

const shared = { summary: 'outcome.ok', surface: 'everywhere', uses: [] } as const;

/** Commands of every shape that the parser knows; they stand for nothing real. */
export const add = defineChange({
  ...shared,
  words: ['user', 'add'],
  role: 'operator',
  effect: 'change',
  arguments: {
    name: { schema: z.string().transform(parseLocalpart), about: 'outcome.ok' },
    level: {
      schema: z.enum(['low', 'high']).optional(),
      about: 'outcome.ok',
      optional: true,
    },
  },
  flags: {
    'display-name': {
      schema: z.string().min(2).max(20).optional(),
      about: 'outcome.ok',
      value: 'TEXT',
    },
    days: {
      schema: z.coerce.number().int().min(1).max(30).optional(),
      about: 'outcome.ok',
      value: 'DAYS',
    },
    quiet: { schema: z.boolean(), about: 'outcome.ok' },
  },
  examples: ['user add alice', 'user add alice high --display-name="Alice A." --quiet'],
  account: () => null,
  resources: ({ name }) => [`account:${name}`],
  plan: () => Promise.resolve({ facts: {}, shown: [] }),
  steps: [
    {
      name: 'add',
      run: () => Promise.resolve({}),
      settle: () => Promise.resolve({ state: 'not-done' }),
    },
  ],
  report: () => [],
});

export const list = defineRead({
  ...shared,
  words: ['user', 'list'],
  role: 'viewer',
  arguments: {},
  flags: {},
  examples: ['user list'],
  async *run() {
    yield await Promise.resolve({ type: 'paragraph', text: 'nobody' } as const);
  },
});

export const note = defineRead({
  ...shared,
  words: ['note'],
  role: 'viewer',
  arguments: {
    to: {
      schema: z.string().refine((to) => to !== 'root', because('common.none')),
      about: 'outcome.ok',
    },
    words: { schema: z.array(z.string()), about: 'outcome.ok', rest: true, optional: true },
  },
  flags: {},
  examples: ['note anna hello there'],
  async *run() {
    yield await Promise.resolve({ type: 'paragraph', text: '' } as const);
  },
});

export const show = defineRead({
  ...shared,
  words: ['secret', 'show'],
  role: 'owner',
  surface: 'terminal',
  arguments: { code: { schema: z.string().length(4), about: 'outcome.ok', secret: true } },
  flags: {},
  examples: ['secret show abcd'],
  async *run() {
    yield await Promise.resolve({ type: 'paragraph', text: '' } as const);
  },
});

export const exampleCommands: readonly Command[] = [add, list, note, show];
export const exampleIndex = indexCommands(exampleCommands);
