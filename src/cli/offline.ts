import { nameOf } from '../commands/command-index.ts';
import { commands } from '../commands/nouns/index.ts';
import { help } from '../commands/nouns/help.ts';
import type { Field, ReportNode } from '../core/report.ts';
import { say, type Text } from '../core/text.ts';
import type { Language } from '../core/words/index.ts';

/** What stands outside the registry: programs of the terminal itself, as typed. */
export const ownPrograms: readonly (readonly [string, Text])[] = [
  ['urtc bot', say('cli.own.bot')],
  ['urtc bot recover', say('cli.own.bot-recover')],
  ['urtc completion bash|zsh|fish', say('cli.own.completion')],
  ['urtc config check', say('cli.own.config-check')],
  ['urtc config show', say('cli.own.config-show')],
];

const options: readonly (readonly [string, Text])[] = [
  ['--config FILE', say('cli.option.config')],
  ['--json', say('cli.option.json')],
  ['--yes', say('cli.option.yes')],
  ['--lang en|zh', say('cli.option.lang')],
  ['--no-color', say('cli.option.no-color')],
];

function fieldsOf(id: string, lines: readonly (readonly [string, Text])[]): ReportNode {
  const fields = lines.map(([label, value]): Field => ({
    id: label
      .replace(/^(urtc |--)/, '')
      .replaceAll(/[^a-z]+/gi, '_')
      .toLowerCase(),
    label,
    value,
  }));
  return { type: 'fields', id, fields };
}

/** What there is to say of a program of the terminal itself; null where these words name none. */
function programPage(name: string): readonly ReportNode[] | null {
  const found = ownPrograms.find(
    ([line]) => line === `urtc ${name}` || line.startsWith(`urtc ${name} `),
  );
  const isExact = found?.[0] === `urtc ${name}`;
  const isOther =
    name === '' ||
    commands.some(
      ({ words: [first, ...rest] }) =>
        // A program may share its word with commands (`bot`), but not be one of them.
        [first, ...rest].join(' ') === name || (first === name && !isExact),
    );
  if (found === undefined || isOther) return null;
  const [line, about] = found;
  return [
    { type: 'title', text: line },
    { type: 'paragraph', text: about },
  ];
}

/**
 * `help` without bot, config or home server: what there is, not what the caller may do. Throws
 * `E_COMMAND_UNKNOWN`.
 */
export async function offlineHelp(
  words: readonly string[],
  language: Language,
): Promise<readonly ReportNode[]> {
  const program = programPage(words.join(' '));
  const isNoun = words.length === 1 && commands.some(({ words: [first] }) => first === words[0]);
  if (program !== null && !isNoun) return program;
  const actor = { kind: 'local', login: '', rank: 'owner' } as const;
  const signal = new AbortController().signal;
  const context = { registry: { commands }, actor, language, surface: 'terminal', signal } as const;
  const nodes: ReportNode[] = [];
  for await (const node of help.run(context, { command: [...words] })) nodes.push(node);
  const known = new Set(commands.map((command) => `urtc ${nameOf(command)}`));
  if (words.length > 0) {
    const beside = ownPrograms.filter(
      ([line]) => isNoun && line.startsWith(`urtc ${words[0]} `) && !known.has(line),
    );
    const more = beside.length === 0 ? [] : [fieldsOf('programs', beside)];
    return [...(program ?? []), ...nodes, ...more];
  }
  return [
    ...nodes,
    { type: 'paragraph', text: say('cli.own') },
    fieldsOf(
      'terminal',
      ownPrograms.filter(([line]) => !known.has(line)),
    ),
    { type: 'paragraph', text: say('cli.own.options') },
    fieldsOf('options', options),
  ];
}
