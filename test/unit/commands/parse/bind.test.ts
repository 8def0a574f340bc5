import { describe, expect, it } from 'vitest';
import { parseLine, parseWords, isCommandLine } from '../../../../src/commands/parse/parse.ts';
import type { Invocation } from '../../../../src/commands/parse/invocation.ts';
import { commands } from '../../../../src/commands/nouns/index.ts';
import { codePointName } from '../../../../src/commands/parse/character-fate.ts';
import { createRegistry } from '../../../../src/commands/registry.ts';
import { add, exampleIndex, list, note, show } from '../example-commands.ts';
import { caught, pointed } from '../caught.ts';

const parse = (line: string): Invocation => parseLine(exampleIndex, line);
const words = (...argv: string[]): Invocation => parseWords(exampleIndex, argv);

describe('a line that fits', () => {
  it('gives typed input and what was typed', () => {
    const invocation = parse('!user add alice high --display-name="Alice A." --days 3 --dry-run');
    expect(invocation).toEqual({
      command: add,
      raw: {
        arguments: { name: 'alice', level: 'high' },
        flags: { 'display-name': 'Alice A.', days: '3', 'dry-run': true },
      },
      input: {
        name: 'alice',
        level: 'high',
        'display-name': 'Alice A.',
        days: 3,
        quiet: false,
      },
      dryRun: true,
    });
  });

  it('is the same from argv', () => {
    const line = parse('!user add alice high --display-name="Alice A." --days 3');
    expect(words('user', 'add', 'alice', 'high', '--display-name=Alice A.', '--days', '3')).toEqual(
      line,
    );
  });

  it.each<[string, readonly string[], boolean]>([
    ['[#10] capital letters of phones', ['!User Add alice --Quiet'], true],
    ['[#10] an em dash for --', ['!user add alice —quiet'], true],
    ['[#10] an en dash for --', ['!user add alice –quiet'], true],
    ['[#10] two em dashes', ['!user add alice ——quiet'], true],
    ['[#10] full-width dashes', ['!user add alice －－quiet'], true],
    ['[#10] a full-width exclamation mark', ['！user add alice --quiet'], true],
    ['[#10] a mark of an RTL keyboard in front', ['\u200f!user add alice --quiet'], true],
    ['[#10] flags before arguments', ['!user add --quiet alice'], true],
    ['[#10] line breaks as spaces', ['!user add\nalice\n--quiet\n'], true],
    ['[#10] a space after !', ['! user add alice --quiet'], true],
  ])('%s', (_name, [line], quiet) => {
    expect(parse(line ?? '').input).toMatchObject({ name: 'alice', quiet });
  });

  it('[#10] typographic dashes inside a flag', () => {
    expect(parse('!user add alice —display‑name＝Al').input).toMatchObject({
      'display-name': 'Al',
    });
  });

  it.each<[string, readonly string[]]>([
    ['!note bob -- --x -y —z', ['--x', '-y', '—z']],
    ['!note bob "--x" \\-y \'—z\'', ['--x', '-y', '—z']],
    ['!note bob — --x', ['--x']],
    ['!note bob - -5 –7 ; $(x) rm', ['-', '-5', '–7', ';', '$(x)', 'rm']],
    ['!note bob', []],
  ])('[#11] operands pass as they are: %j', (line, expected) => {
    expect(parse(line).input['words']).toEqual(expected);
  });

  it('[#11] operands pass as they are from argv', () => {
    const operands = ['; rm', '$(x)', '--all', '-f', '', '--', 'a"b', "it's", 'a\\nb'];
    expect(words('note', 'bob', '--', ...operands).input['words']).toEqual(operands);
  });

  it('[#10] argv is cleaned like a line', () => {
    expect(words('note', 'bo\u200bb', 'a\u00a0b').input).toEqual({ to: 'bob', words: ['a b'] });
    expect(caught(() => words('note', 'bob', 'a\u202eb')).code).toBe('E_PARSE_CHARACTER');
  });

  it('[#10] a name with a mark inside that nobody sees is refused with its place, from anywhere', () => {
    const real = createRegistry(commands);
    for (const mark of ['\u200b', '\u2060', '\u00ad', '\ufeff', '\u200d', '\u200e']) {
      const name = `dav${mark}id`;
      const fromRoom = caught(() => parseLine(real, `!user add ${name}`));
      const fromTerminal = caught(() => parseWords(real, ['user', 'add', name, '--dry-run']));
      for (const error of [fromRoom, fromTerminal]) {
        expect(error.code).toBe('E_PARSE_CHARACTER');
        expect(error.params['character']).toBe(codePointName(mark));
      }
    }
    // Around a word they come with copying, and no name is another one by them.
    for (const name of ['\u200edavid\u200f', 'david\ufeff', '@david:x.org\u200b']) {
      const { input } = parseLine(real, `!user add ${name}`);
      expect(input['name']).toMatchObject({ localpart: 'david' });
    }
  });

  it.each(
    commands.flatMap(({ words, arguments: named }) =>
      Object.values(named)
        .filter(({ about }) => /^(bot|user)\.argument\.(new-)?(name|user)$/.test(about))
        .map(({ exact }) => [words.join(' '), exact] as const),
    ),
  )('[#10] %s takes whom it names as it was shown', (_command, exact) => {
    expect(exact).toBe(true);
  });

  it('tells commands from talk', () => {
    expect(['!x', ' !x', '！x', '\u200e!x'].every(isCommandLine)).toBe(true);
    expect(['x', 'x !y', '?!', ''].some(isCommandLine)).toBe(false);
  });

  it('the longest match counts', () => {
    expect(parse('!user list').command).toBe(list);
    expect(parse('!note user').command).toBe(note);
  });
});

describe('[#10] a line that does not fit says where and what was meant', () => {
  it.each<[string, string, string, string | null]>([
    ['!', 'E_PARSE_EMPTY', '! \n  ^', null],
    ['!user ad alice', 'E_COMMAND_UNKNOWN', '!user ad alice\n ^~~~~~~', 'user add'],
    ['!usr add alice', 'E_COMMAND_UNKNOWN', '!usr add alice\n ^~~', 'user add'],
    ['!add user', 'E_COMMAND_UNKNOWN', '!add user\n ^~~', 'user add'],
    ['!not bob', 'E_COMMAND_UNKNOWN', '!not bob\n ^~~', 'note'],
    ['!xyzzy', 'E_COMMAND_UNKNOWN', '!xyzzy\n ^~~~~', null],
    ['!constructor', 'E_COMMAND_UNKNOWN', '!constructor\n ^~~~~~~~~~~', null],
    ['!--quiet user add', 'E_COMMAND_UNKNOWN', '!--quiet user add\n ^~~~~~~', null],
    ['!user', 'E_COMMAND_INCOMPLETE', '!user\n ^~~~', null],
    [
      '!user add alice --quite',
      'E_FLAG_UNKNOWN',
      '!user add alice --quite\n                ^~~~~~~',
      '--quiet',
    ],
    [
      '!user add alice --dry',
      'E_FLAG_UNKNOWN',
      '!user add alice --dry\n                ^~~~~',
      '--dry-run',
    ],
    ['!user add alice -q', 'E_FLAG_UNKNOWN', '!user add alice -q\n                ^~', null],
    [
      '!user add alice --no-quiet',
      'E_FLAG_UNKNOWN',
      '!user add alice --no-quiet\n                ^~~~~~~~~~',
      null,
    ],
    [
      '!user add alice --__proto__=1',
      'E_FLAG_UNKNOWN',
      '!user add alice --__proto__=1\n                ^~~~~~~~~~~~~',
      null,
    ],
    ['!user list --dry-run', 'E_FLAG_UNKNOWN', '!user list --dry-run\n           ^~~~~~~~~', null],
    [
      '!user add alice --quiet=1',
      'E_FLAG_VALUE_EXTRA',
      '!user add alice --quiet=1\n                ^~~~~~~~~',
      null,
    ],
    [
      '!user add alice --days',
      'E_FLAG_VALUE_MISSING',
      '!user add alice --days\n                ^~~~~~',
      null,
    ],
    [
      '!user add alice --days --quiet',
      'E_FLAG_VALUE_MISSING',
      '!user add alice --days --quiet\n                ^~~~~~',
      null,
    ],
    [
      '!user add alice --quiet —quiet',
      'E_FLAG_REPEATED',
      '!user add alice --quiet —quiet\n                        ^~~~~~',
      null,
    ],
    ['!user add', 'E_ARGUMENT_MISSING', '!user add \n          ^', null],
    ['!user add a low b c', 'E_ARGUMENT_EXTRA', '!user add a low b c\n                ^', null],
    ['!user add 你好 --quiet', 'E_ID_INVALID', '!user add 你好 --quiet\n          ^~~~', null],
    ['!user add a lwo', 'E_ARGUMENT_INVALID', '!user add a lwo\n            ^~~', null],
    [
      '!user add a --days x',
      'E_ARGUMENT_INVALID',
      '!user add a --days x\n                   ^',
      null,
    ],
    [
      '!user add a --days=x',
      'E_ARGUMENT_INVALID',
      '!user add a --days=x\n            ^~~~~~~~',
      null,
    ],
    ['!user add a\n!user add b', 'E_PARSE_SECOND_COMMAND', '!user add b\n^~~~~', null],
  ])('%j', (line, code, caret, nearest) => {
    expect(pointed(() => parse(line))).toEqual([code, caret]);
    const { suggestion } = caught(() => parse(line)).params;
    if (nearest === null) expect(suggestion ?? '').toBe('');
    else {
      const key = code === 'E_FLAG_UNKNOWN' ? 'parse.suggestion' : 'parse.suggestion.command';
      expect(suggestion).toEqual({ key, params: { nearest } });
    }
  });

  it.each<[string, string | null]>([
    ['!user add a --x', null],
    ['!secret show abcd --x', 'parse.flag.none'],
    ['!secret show abcd --json', 'parse.flag.terminal'],
    ['!user add a --yes', 'parse.flag.terminal'],
  ])('says that a command has no options, and what is for the terminal: %s', (line, key) => {
    const { advice } = caught(() => parse(line)).params;
    if (key === null) expect(advice).toBe('');
    else expect(advice).toMatchObject({ key });
  });

  it('a quoted ! on a second line is text', () => {
    expect(parse('!note bob\n"!x"').input['words']).toEqual(['!x']);
  });

  it.each<[string, string, object]>([
    ['!user add a lwo', 'LEVEL', { key: 'parse.reason.choice', params: { values: 'low, high' } }],
    ['!user add a --days=x', '--days', { key: 'parse.reason.number' }],
    ['!user add a --days=1.5', '--days', { key: 'parse.reason.integer' }],
    ['!user add a --days=0', '--days', { key: 'parse.reason.small', params: { limit: 1 } }],
    ['!user add a --days=31', '--days', { key: 'parse.reason.big', params: { limit: 30 } }],
    [
      '!user add a --display-name=b',
      '--display-name',
      { key: 'parse.reason.short', params: { limit: 2 } },
    ],
    [
      '!user add a --display-name=123456789012345678901',
      '--display-name',
      { key: 'parse.reason.long', params: { limit: 20 } },
    ],
    ['!note root', 'TO', { key: 'common.none' }],
  ])('%j is refused in words of the catalogue', (line, argument, reason) => {
    expect(caught(() => parse(line)).params).toMatchObject({ argument, reason });
  });

  it('shows how it is used where it was typed', () => {
    const usage = 'user add NAME [LEVEL] [--display-name=TEXT] [--days=DAYS] [--quiet] [--dry-run]';
    expect(caught(() => parse('!user add')).params['usage']).toBe(`!${usage}`);
    expect(caught(() => words('user', 'add')).params['usage']).toBe(`urtc ${usage}`);
  });

  it('never repeats a secret', () => {
    expect(words('secret', 'show', 'abcd').command).toBe(show);
    const error = caught(() => words('secret', 'show', 'hunter2'));
    expect(error.code).toBe('E_ARGUMENT_INVALID');
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain('hunter2');
  });

  it('cuts a long line round the place', () => {
    const line = `!user add ${'a'.repeat(100)} low ${'x'.repeat(100)} ${'b'.repeat(100)}`;
    const [, caret] = pointed(() => parse(line));
    const [shown = '', mark = ''] = caret.split('\n');
    expect(shown).toMatch(/^…a+ low x+…/);
    expect(shown.length).toBeLessThan(100);
    expect(mark).toBe(`${' '.repeat(shown.indexOf('x'))}^${'~'.repeat(29)}`);
  });
});
