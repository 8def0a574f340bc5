import { candidatesOf, type CommandCandidate } from '../commands/completion/candidates.ts';
import { completionScript, shells } from '../commands/completion/script.ts';
import { commands } from '../commands/nouns/index.ts';
import { AppError } from '../core/errors.ts';
import { say, type Text } from '../core/text.ts';
import { languages, type Language } from '../core/words/index.ts';
import { translate } from '../core/words/translate.ts';

const flag = (name: string, choices: readonly string[] | null) => ({
  flag: name,
  takesValue: choices !== null,
  choices: choices ?? [],
});

const options = [
  flag('--config', []),
  flag('--lang', languages),
  flag('--json', null),
  flag('--yes', null),
  flag('--no-color', null),
  flag('--help', null),
];

/** What the terminal itself offers besides the commands. */
function own(name: string, about: Text, language: Language): CommandCandidate {
  return { name, about: translate(about, language), flags: [], arguments: [] };
}

/** `urtc completion SHELL`. Throws `E_ARGUMENT_MISSING`, `E_ARGUMENT_INVALID`. */
export function completion(words: readonly string[], language: Language): string {
  const [wanted] = words;
  const usage = `urtc completion ${shells.join('|')}`;
  if (wanted === undefined) throw new AppError('E_ARGUMENT_MISSING', { argument: 'SHELL', usage });
  const shell = shells.find((each) => each === wanted);
  if (shell === undefined || words.length > 1) {
    const reason = say('settings.reason.choice', { values: shells.join(', ') });
    const value = words.join(' ');
    throw new AppError('E_ARGUMENT_INVALID', { value, argument: 'SHELL', reason, usage });
  }
  const known = candidatesOf(commands, (command) => translate(say(command.summary), language));
  const names = new Set(known.map((each) => each.name));
  const extra = [
    own('bot', say('cli.own.bot'), language),
    own('bot recover', say('cli.own.bot-recover'), language),
    { ...own('completion', say('cli.own.completion'), language), arguments: [shells] },
    {
      ...own('config check', say('cli.own.config-check'), language),
      flags: [flag('--offline', null)],
    },
    own('config show', say('cli.own.config-show'), language),
  ].filter((each) => !names.has(each.name));
  return completionScript(shell, { program: 'urtc', commands: [...known, ...extra], options });
}
