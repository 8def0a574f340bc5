import { z } from 'zod';
import { ranks } from '../core/roles.ts';
import { nameOf, type CommandIndex } from './command-index.ts';
import { needs, type Argument, type Flag } from './command-form.ts';
import type { Command } from './command.ts';
import { dryRunFlag } from './parse/invocation.ts';
import { parseLine } from './parse/parse.ts';
import { placeholder } from './usage.ts';

const word = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'is not a lower-case word');
const described = z.looseObject({ schema: z.instanceof(z.ZodType), about: z.string().min(1) });
const method = z.function();

const common = {
  words: z.union([z.tuple([word]), z.tuple([word, word])]),
  summary: z.string().min(1),
  role: z.enum(ranks),
  surface: z.enum(['everywhere', 'terminal']),
  needs: z.enum(needs).optional(),
  uses: z.array(z.string()),
  arguments: z.record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/, 'is no argument name'), described),
  flags: z.record(word, described),
  examples: z.array(z.string()).min(1),
};

const shape = z.discriminatedUnion('effect', [
  z.looseObject({ ...common, effect: z.literal('read'), run: method }),
  z.looseObject({
    ...common,
    effect: z.literal(['change', 'destroy']),
    account: method,
    resources: method,
    plan: method,
    report: method,
    steps: z
      .array(z.looseObject({ name: word, run: method, settle: method }))
      .min(1, 'a change has at least one step'),
  }),
]);

/** What the types ask for, for values that did not pass the compiler. */
export function shapeProblems(command: unknown): readonly string[] {
  const result = shape.safeParse(command);
  if (result.success) return [];
  return result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

/** What the types can't say: order of arguments, optional means optional, names that clash. */
export function commandProblems(command: Command): readonly string[] {
  const problems: string[] = [];
  const named = Object.entries<Argument>(command.arguments);
  for (const [position, [name, argument]] of named.entries()) {
    const optional = argument.optional === true;
    if (optional === refuses(argument, argument.rest === true ? [] : undefined)) {
      problems.push(`${name}: \`optional\` and the schema disagree`);
    }
    if (!optional && named.slice(0, position).some(([, before]) => before.optional === true)) {
      problems.push(`${name}: a needed argument after an optional one`);
    }
    if (argument.rest === true && position < named.length - 1) {
      problems.push(`${name}: only the last argument takes the rest`);
    }
    if (argument.secret === true && command.effect !== 'read') {
      problems.push(`${name}: a change keeps its input, so it takes no secret`);
    }
  }
  for (const [name, flag] of Object.entries<Flag>(command.flags)) {
    if (refuses(flag, flag.value === undefined ? false : undefined)) {
      problems.push(`--${name}: what can't be left out is an argument`);
    }
    if (flag.value === undefined && refuses(flag, true)) {
      problems.push(`--${name}: a switch takes true and false`);
    }
    if (name === dryRunFlag || name === 'help') problems.push(`--${name} is taken`);
  }
  const names = [...named.map(([name]) => placeholder(name)), ...Object.keys(command.flags)];
  for (const name of repeated(names.map((each) => each.toUpperCase()))) {
    problems.push(`${name}: two inputs of one name`);
  }
  if (command.effect !== 'read') {
    for (const name of repeated(command.steps.map((step) => step.name))) {
      problems.push(`${name}: two steps of one name`);
    }
    if (command.steps[0].applies !== undefined) {
      problems.push(`${command.steps[0].name}: the first step is always there`);
    }
  }
  return problems;
}

/** Names that are taken twice, and a command whose only word is the first word of others. */
export function clashes(index: CommandIndex): readonly string[] {
  const names = index.commands.map(nameOf);
  return [
    ...repeated(names).map((name) => `${name}: registered twice`),
    ...names
      .filter((name) => index.ofNoun(name).length > 0)
      .map((name) => `${name}: is a command and the first word of others`),
  ];
}

/** Examples that are not understood as the command that they are an example of. */
export function exampleProblems(command: Command, index: CommandIndex): readonly string[] {
  return command.examples.flatMap((example) => {
    try {
      const understood = nameOf(parseLine(index, example).command);
      return understood === nameOf(command) ? [] : [`example “${example}” runs ${understood}`];
    } catch (error) {
      return [`example “${example}”: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}

function refuses(declared: Argument | Flag, value: unknown): boolean {
  return !declared.schema.safeParse(value).success;
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, position) => names.indexOf(name) !== position))];
}
