import { z } from 'zod';
import type { Flags } from '../../../../src/commands/command-form.ts';
import {
  defineChange,
  defineRead,
  type ChangeCommand,
  type Command,
  type Step,
} from '../../../../src/commands/command.ts';
import { AppError } from '../../../../src/core/errors.ts';
import type { Target } from './target.ts';

const shared = {
  summary: 'outcome.ok',
  surface: 'everywhere',
  uses: [],
  flags: {},
} as const;
const named = { name: { schema: z.string(), about: 'outcome.ok' } } as const;
type Named = typeof named;
type Input = { readonly name: string };

/** Commands of every kind, on a {@link Target}. */
export function things(target: Target): readonly Command[] {
  const step = (name: string): Step<Input, never> => ({
    name,
    timeoutMs: 5000,
    run: async (context, { input }) => {
      await target.apply(`${input.name}/${name}`, context.signal);
      return { by: name };
    },
    settle: (_context, { input }) => {
      if (target.silent !== null) {
        return Promise.reject(target.silent instanceof Error ? target.silent : new Error());
      }
      return Promise.resolve(
        target.has(`${input.name}/${name}`)
          ? { state: 'done', result: { by: name } }
          : { state: 'not-done' },
      );
    },
  });
  const change = (
    verb: string,
    more: Pick<ChangeCommand<Named, Flags, never>, 'effect' | 'role' | 'steps' | 'preview'>,
  ): Command =>
    defineChange({
      ...shared,
      ...more,
      words: ['thing', verb],
      arguments: named,
      examples: [`thing ${verb} x`],
      account: () => null,
      resources: ({ name }) => [`thing:${name}`],
      plan: async (_context, { name }) => {
        await target.planning();
        return {
          facts: { name, size: target.size },
          shown: [{ type: 'paragraph', text: `${verb} ${name} of size ${target.size}` }],
        };
      },
      report: ({ input, done }) => [
        { type: 'outcome', outcome: 'ok', text: `${verb} ${input.name}` },
        { type: 'paragraph', text: Object.keys(done).join(' ') },
      ],
    });
  return [
    defineRead({
      ...shared,
      words: ['thing', 'show'],
      role: 'viewer',
      arguments: named,
      examples: ['thing show x'],
      async *run({ signal }, { name }) {
        await target.before(`${name}/show`, signal);
        yield { type: 'paragraph', text: `here is ${name}` };
      },
    }),
    defineRead({
      ...shared,
      words: ['thing', 'broken'],
      role: 'viewer',
      arguments: {},
      examples: ['thing broken'],
      async *run() {
        yield { type: 'paragraph', text: 'half' } as const;
        await Promise.resolve();
        throw new TypeError('a fault of ours');
      },
    }),
    change('set', { effect: 'change', role: 'operator', steps: [step('set')] }),
    change('build', {
      effect: 'change',
      role: 'operator',
      steps: [step('dig'), step('lay'), step('roof')],
    }),
    change('drop', { effect: 'destroy', role: 'admin', steps: [step('drop')] }),
    change('await', {
      effect: 'change',
      role: 'operator',
      steps: [step('await')],
      preview: (_context, { name }) => [{ type: 'paragraph', text: `would wait for ${name}` }],
    }),
    change('raze', { effect: 'destroy', role: 'admin', steps: [step('burn'), step('clear')] }),
    change('murky', {
      effect: 'change',
      role: 'operator',
      steps: [
        step('first'),
        {
          ...step('murky'),
          settle: () => Promise.resolve({ state: 'unknown', why: 'nobody saw it' }),
        },
      ],
    }),
    change('refused', {
      effect: 'change',
      role: 'operator',
      steps: [
        step('first'),
        {
          ...step('refused'),
          run: () => Promise.reject(new AppError('E_USER_EXISTS', { account: 'x' })),
        },
      ],
    }),
  ];
}
