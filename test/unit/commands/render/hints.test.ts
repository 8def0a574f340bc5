import { describe, expect, it } from 'vitest';
import { nameOf } from '../../../../src/commands/command-index.ts';
import { commands } from '../../../../src/commands/nouns/index.ts';
import { parseLine, parseWords } from '../../../../src/commands/parse/parse.ts';
import { createRegistry } from '../../../../src/commands/registry.ts';
import { runsOf, type Place } from '../../../../src/commands/render/runs.ts';
import { usageOf } from '../../../../src/commands/usage.ts';
import type { Text } from '../../../../src/core/text.ts';
import { languages, type Language, type WordKey } from '../../../../src/core/words/index.ts';
import { words as chinese } from '../../../../src/core/words/zh/index.ts';

const registry = createRegistry(commands);
/** Placeholders of command lines, filled with what is hardest to type. */
const params: Readonly<Record<string, string>> = {
  ...{ account: '--admin', name: '-x', job: 'jk4rw', id: 'e2345678', code: '7KQ4-M2XD-9WPT' },
  ...{ command: 'user list', help: 'help user', nearest: 'user list', noun: 'user' },
  ...{ line: 'user admin -- --admin off', usage: 'secret show CODE', choice: 'zh' },
  ...{ user: '@anna:x.org', group: 'g0123456789', silence: '0b4c9a2e', target: 'g0123456789' },
};
/** Every key as the code names it; Chinese has no second form of any. */
const keys = Object.keys(chinese).map((key) => key.replace(/_other$/, '')) as WordKey[];

const linesIn = (text: Text, language: Language, place: Place): readonly string[] =>
  runsOf(text, language, place)
    .filter((run) => run.code && /^(?:!|(?:sudo )?urtc )[^ ]/.test(run.text))
    .map((run) => run.text);

const programs: readonly string[] = ['config check', 'bot recover'];

/** The command that a line gives where it is typed, or why it gives none. */
function given(line: string): string {
  // Commands of the terminal program itself, which have no place in the registry.
  const program = programs.find((each) => line.replace(/^(?:sudo )?urtc /, '') === each);
  if (program !== undefined) return program;
  try {
    const words = line.replace(/^(?:sudo )?urtc /, '').split(' ');
    const read = line.startsWith('!') ? parseLine(registry, line) : parseWords(registry, words);
    return nameOf(read.command);
  } catch (error) {
    return String(error);
  }
}

describe('command lines in what people read', () => {
  it.each(languages)('are understood where they are shown, whatever is put in (%s)', (language) => {
    let count = 0;
    for (const key of keys) {
      for (const place of ['room', 'terminal'] as const) {
        for (const line of linesIn({ key, params }, language, place)) {
          // The line of a usage is a form, not a line; an upper-case word in it is to be filled in.
          const name = given(
            line.replace(/\b(?:NAME|CODE)\b/g, 'a1b2').replace(/\bUSER\b/, params['user'] ?? ''),
          );
          expect(
            registry.find(name) !== null || programs.includes(name),
            `${key}: ${line}: ${name}`,
          ).toBe(true);
          if (place === 'terminal') expect(line, key).not.toMatch(/^!/);
          count += 1;
        }
      }
    }
    expect(count).toBeGreaterThan(60);
  });

  it('put a name that looks like a flag after --, and leave others as they are', () => {
    const shown = (account: string): readonly string[] =>
      linesIn({ key: 'E_USER_EXISTS.next', params: { account } }, 'en', 'room');
    expect(shown('--admin')).toEqual(['!user show -- --admin']);
    expect(shown('-x')).toEqual(['!user show -- -x']);
    expect(shown('alice')).toEqual(['!user show alice']);
    const sentence = { key: 'E_USER_EXISTS', params: { account: '--admin' } } as const;
    const words = runsOf(sentence, 'en', 'room').map((run) => run.text);
    expect(words.join('')).toBe('The account --admin exists already.');
  });

  it('that send somebody to the terminal name all that the command needs', () => {
    const show = registry.find('secret show');
    expect(show === null ? '' : usageOf(show)).toBe(params['usage']);
  });
});
