import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Field, ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import { reaches } from '../actor.ts';
import { authorise } from '../authorise.ts';
import { choicesOf } from '../choices.ts';
import { indexCommands, nameOf } from '../command-index.ts';
import { needs, type Argument, type Flag, type CommandForm } from '../command-form.ts';
import { defineRead, type Context } from '../command.ts';
import { dryRunFlag } from '../parse/invocation.ts';
import { nearestCommand } from '../parse/nearest.ts';
import { argumentUsage, flagUsage, usageOf } from '../usage.ts';

type Place = Pick<Context<'registry'>, 'actor' | 'surface' | 'registry'>;

/** `help`: what the caller may run, generated from the commands themselves. */
export const help = defineRead({
  words: ['help'],
  summary: 'help.summary',
  role: 'viewer',
  surface: 'everywhere',
  uses: ['registry'],
  arguments: {
    command: {
      schema: z.array(z.string()),
      about: 'help.argument.command',
      rest: true,
      optional: true,
    },
  },
  flags: {},
  examples: ['help', 'help help'],
  async *run(context, { command }) {
    await Promise.resolve();
    const words = command.map((word) => word.toLowerCase().replace(/^[!！]/u, ''));
    // Roles can be reloaded at any time: one answer is about one state of the commands.
    const { commands, lacking = [] } = context.registry;
    const place: Place = { ...context, registry: { commands, lacking } };
    yield* words.length === 0 ? overview(place) : about(words.slice(0, 2), place);
  },
});

/** What stands before a command where it is typed, which the help may be read far from. */
function prefixOf(place: Place, command: Pick<CommandForm, 'surface'>): string {
  if (place.surface === 'terminal') return 'urtc ';
  return isElsewhere(command, place) ? 'sudo urtc ' : '!';
}

/** Rooms send people to the terminal for some commands, so everybody there may read how they go. */
function isElsewhere(command: Pick<CommandForm, 'surface'>, place: Place): boolean {
  return command.surface === 'terminal' && place.surface === 'room';
}

function allowed(place: Place): readonly CommandForm[] {
  return place.registry.commands.filter(
    (command) => reaches(place.actor.rank, command.role) && !isElsewhere(command, place),
  );
}

/** Whether the config of this bot lets a command do anything at all. */
function isUsable({ needs: need }: Pick<CommandForm, 'needs'>, { registry }: Place): boolean {
  return need === undefined || registry.lacking?.includes(need) !== true;
}

/** The usable ones as they are listed, then the others under what they need. */
function listed(
  commands: readonly CommandForm[],
  place: Place,
  list: (commands: readonly CommandForm[]) => readonly ReportNode[],
): readonly ReportNode[] {
  const usable = commands.filter((command) => isUsable(command, place));
  return [
    ...(usable.length === 0 ? [] : list(usable)),
    ...needs.flatMap((need): readonly ReportNode[] => {
      const waiting = commands.filter((each) => each.needs === need && !usable.includes(each));
      if (waiting.length === 0) return [];
      return [{ type: 'paragraph', text: say(`help.needs.${need}`) }, ...list(waiting)];
    }),
  ];
}

function byNoun(commands: readonly CommandForm[], place: Place): readonly ReportNode[] {
  const groups = new Map<string, Field[]>();
  for (const command of commands) {
    const group = command.words.length === 2 ? command.words[0] : 'general';
    groups.set(group, [...(groups.get(group) ?? []), entryOf(command, place)]);
  }
  return [...groups].map(([id, fields]): ReportNode => ({ type: 'fields', id, fields }));
}

function overview(place: Place): readonly ReportNode[] {
  const open = allowed(place);
  const example =
    open.find((command) => command.words.length === 2 && isUsable(command, place)) ?? help;
  const line = `${prefixOf(place, help)}help ${nameOf(example)}`;
  return [
    { type: 'title', text: say('help.title') },
    ...listed(open, place, (commands) => byNoun(commands, place)),
    { type: 'hint', text: say('help.more', { line }) },
  ];
}

function entryOf(command: CommandForm, place: Place): Field {
  const name = nameOf(command);
  return {
    id: idOf(name),
    label: `${prefixOf(place, command)}${name}`,
    value: say(command.summary),
  };
}

function about(words: readonly string[], place: Place): readonly ReportNode[] {
  const index = indexCommands(place.registry.commands);
  const command = index.find(words.join(' ')) ?? index.find(words[0] ?? '');
  if (command !== null) {
    if (!isElsewhere(command, place)) authorise(command, place.actor, place.surface);
    return details(command, place);
  }
  const known = index.ofNoun(words[0] ?? '');
  const open = allowed(place);
  const verbs = known.filter((each) => open.includes(each) || isElsewhere(each, place));
  if (words.length > 1 || verbs.length === 0) {
    const nearest = nearestCommand(words, index);
    throw new AppError('E_COMMAND_UNKNOWN', {
      command: words.join(' '),
      help: verbs.length === 0 ? 'help' : `help ${words[0] ?? ''}`,
      suggestion: nearest === null ? '' : say('parse.suggestion.command', { nearest }),
    });
  }
  const [first] = verbs;
  const line = `${prefixOf(place, help)}help ${first === undefined ? '' : nameOf(first)}`;
  return [
    { type: 'title', text: say('help.noun.title', { noun: words[0] ?? '' }) },
    ...listed(verbs, place, (commands) => [
      { type: 'fields', fields: commands.map((each) => entryOf(each, place)) },
    ]),
    { type: 'hint', text: say('help.more', { line }) },
  ];
}

function details(command: CommandForm, place: Place): readonly ReportNode[] {
  const prefix = prefixOf(place, command);
  const facts: Field[] = [
    {
      id: 'role',
      label: say('help.role'),
      value: say('help.role.from', { role: say(`role.${command.role}`) }),
    },
    { id: 'effect', label: say('help.effect'), value: say(`help.effect.${command.effect}`) },
  ];
  if (command.surface === 'terminal') {
    const value = say('help.surface.terminal');
    facts.push({ id: 'surface', label: say('help.surface'), value });
  }
  return [
    { type: 'title', text: `${prefix}${nameOf(command)}` },
    { type: 'paragraph', text: say(command.summary) },
    ...(command.needs === undefined || isUsable(command, place)
      ? []
      : [{ type: 'paragraph', text: say(`help.lacks.${command.needs}`) } as const]),
    { type: 'code', content: `${prefix}${usageOf(command)}` },
    ...section(
      'arguments',
      Object.entries<Argument>(command.arguments).map(([name, argument]) => ({
        id: idOf(name),
        label: argumentUsage(name, argument),
        value: explained(argument),
      })),
    ),
    ...section('options', [
      ...Object.entries<Flag>(command.flags).map(([name, flag]) => ({
        id: idOf(name),
        label: flagUsage(name, flag),
        value: explained(flag),
      })),
      ...(command.effect === 'read' ? [] : [dryRun]),
    ]),
    { type: 'fields', fields: facts },
    { type: 'paragraph', text: say('help.examples') },
    { type: 'code', content: command.examples.map((line) => `${prefix}${line}`).join('\n') },
  ];
}

const dryRun: Field = {
  id: 'dry_run',
  label: `--${dryRunFlag}`,
  value: say('help.flag.dry-run'),
};

function section(id: 'arguments' | 'options', fields: readonly Field[]): readonly ReportNode[] {
  if (fields.length === 0) return [];
  return [
    { type: 'paragraph', text: say(`help.${id}`) },
    { type: 'fields', id, fields },
  ];
}

function explained(declared: Argument | Flag): Text {
  const choices = choicesOf(declared.schema);
  const words = say(declared.about);
  return choices.length === 0
    ? words
    : say('help.choices', { about: words, values: choices.join(', ') });
}

/** `displayName` and `display-name` as `display_name`. */
function idOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^a-zA-Z0-9]+/g, '_')
    .toLowerCase();
}
