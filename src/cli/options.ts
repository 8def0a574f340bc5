import { AppError } from '../core/errors.ts';
import { say } from '../core/text.ts';
import { languages, type Language } from '../core/words/index.ts';

/** The options that belong to the terminal and not to a command. */
export interface TerminalOptions {
  readonly config: string | null;
  readonly language: Language | null;
  readonly json: boolean;
  readonly yes: boolean;
  readonly colour: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** What stands on the command line of `urtc`. */
export interface CommandLine {
  readonly options: TerminalOptions;
  /** The words of the command, its own flags among them. */
  readonly words: readonly string[];
}

const switches = {
  '--json': 'json',
  '--yes': 'yes',
  '-y': 'yes',
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
} as const satisfies Record<string, keyof TerminalOptions>;

function isSwitch(word: string): word is keyof typeof switches {
  return Object.hasOwn(switches, word);
}

function languageOf(value: string): Language {
  const found = languages.find((each) => each === value);
  if (found !== undefined) return found;
  throw new AppError('E_ARGUMENT_INVALID', {
    value,
    argument: '--lang',
    reason: say('settings.reason.choice', { values: languages.join(', ') }),
    usage: say('cli.option-usage'),
  });
}

/**
 * Takes the terminal's own options out of argv (without program and script), wherever they stand
 * before a `--`. Throws `E_FLAG_VALUE_MISSING`, `E_FLAG_REPEATED`, `E_ARGUMENT_INVALID`.
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const found = { json: false, yes: false, help: false, version: false };
  const values = new Map<'--config' | '--lang', string>();
  let colour = true;
  const words: string[] = [];
  const end = argv.indexOf('--');
  const before = end === -1 ? argv : argv.slice(0, end);
  for (let index = 0; index < before.length; index += 1) {
    const word = before[index] ?? '';
    const [name = '', ...rest] = word.split('=');
    if (isSwitch(word)) found[switches[word]] = true;
    else if (word === '--no-color') colour = false;
    else if (name === '--config' || name === '--lang') {
      if (values.has(name)) throw new AppError('E_FLAG_REPEATED', { flag: name });
      const value = rest.length > 0 ? rest.join('=') : before[(index += 1)];
      if (value === undefined || value === '') {
        throw new AppError('E_FLAG_VALUE_MISSING', { flag: name });
      }
      values.set(name, value);
    } else words.push(word);
  }
  const language = values.get('--lang');
  return {
    options: {
      ...found,
      colour,
      config: values.get('--config') ?? null,
      language: language === undefined ? null : languageOf(language),
    },
    words: end === -1 ? words : [...words, ...argv.slice(end)],
  };
}

/** The language that the person's locale asks for (POSIX order of the variables), if it is one of ours. */
export function languageOfLocale(
  environment: Readonly<Record<string, string | undefined>>,
): Language | null {
  const locale = ['LC_ALL', 'LC_MESSAGES', 'LANG']
    .map((name) => environment[name] ?? '')
    .find((value) => value !== '');
  const found = /^[a-z]+/.exec(locale ?? '')?.[0];
  return languages.find((each) => each === found) ?? null;
}
