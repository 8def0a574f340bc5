import { describe, expect, it } from 'vitest';
import { lineLimit, tokenize } from '../../../../src/commands/parse/tokenize.ts';
import { caught, pointed } from '../caught.ts';

const texts = (source: string): readonly string[] => tokenize(source).map((each) => each.text);

describe('[#10] words of a line', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    ['   ', []],
    ['a  b\tc', ['a', 'b', 'c']],
    ['a\u00a0b\u3000c\u202fd\u2009e', ['a', 'b', 'c', 'd', 'e']],
    ['a\nb\r\nc\u2028d', ['a', 'b', 'c', 'd']],
    ['"a b"', ['a b']],
    ["'a b'", ['a b']],
    ['“a b”', ['a b']],
    ['„a b“', ['a b']],
    ['‘a b’', ['a b']],
    ['«a b» »c d«', ['a b', 'c d']],
    ['「a b」 『c d』 ｢e f｣', ['a b', 'c d', 'e f']],
    ['”a b”', ['a b']],
    ['＂a b＂', ['a b']],
    ['“a "b" c”', ['a "b" c']],
    ['""', ['']],
    ['a"b c"d', ['ab cd']],
    ["O'Brien O’Brien dogs'", ["O'Brien", 'O’Brien', "dogs'"]],
    ["'it's fine'", ["it's fine"]],
    ["--name='a b'", ['--name=a b']],
    ['—name=‘a b’', ['—name=a b']],
    ["x='a b'", ["x='a", "b'"]],
    ['a\\ b \\"c \\\\', ['a b', '"c', '\\']],
    ['"a\\"b\\\\c\\nd"', ['a"b\\c\nd']],
    ["'a\\nb'", ['a\\nb']],
    ['a\\', ['a\\']],
    ['"a\nb"', ['a\nb']],
    ['"a\u00a0b"', ['a b']],
    [
      '$(x) ; rm -rf / `y` $HOME * | >f',
      ['$(x)', ';', 'rm', '-rf', '/', '`y`', '$HOME', '*', '|', '>f'],
    ],
  ])('%j', (source, expected) => {
    expect(texts(source)).toEqual(expected);
  });

  it('keeps the place of each word', () => {
    const source = '！ us\u200ber  “a b” c';
    const places = tokenize(source).map(({ start, end }) => source.slice(start, end));
    expect(places).toEqual(['！', 'us\u200ber', '“a b”', 'c']);
  });

  it.each<[string, string]>([
    ['!user add "alice', '!user add "alice\n          ^'],
    ['!note “a "b" c', '!note “a "b" c\n      ^'],
    ['!note 你好 "x', '!note 你好 "x\n           ^'],
    ['!note a\n "x', ' "x\n ^'],
  ])('[#10] an open quote is pointed at: %j', (source, caret) => {
    expect(pointed(() => tokenize(source))).toEqual(['E_PARSE_QUOTE', caret]);
  });
});

describe('[#10] characters that nobody sees', () => {
  it.each<[string, string]>([
    ['zero-width space', 'al\u200bice'],
    ['byte order mark', '\ufeffalice'],
    ['word joiner', 'ali\u2060ce'],
    ['soft hyphen', 'ali\u00adce'],
    ['left-to-right mark', '\u200ealice\u200f'],
    ['Arabic letter mark', 'alice\u061c'],
    ['joiner between plain letters', 'al\u200dice'],
    ['variation selector after a letter', 'al\ufe0fice'],
    ['ideographic selector after a letter', 'al\u{e0100}ice'],
  ])('%s is dropped', (_name, source) => {
    expect(texts(source)).toEqual(['alice']);
    expect(texts(`"${source}"`)).toEqual(['alice']);
  });

  it.each<[string, string]>([
    ['family emoji', '👨\u200d👩\u200d👧'],
    ['heart on fire', '❤\ufe0f\u200d🔥'],
    ['keycap', '1\ufe0f\u20e3'],
    ['Persian', 'می\u200cخواهم'],
    ['Hindi', 'क्\u200dष'],
    ['combining accent', 'e\u0301'],
    ['Hebrew', 'שלום'],
  ])('%s stays whole', (_name, source) => {
    expect(texts(source)).toEqual([source]);
  });

  it.each<[string, string, string]>([
    ['right-to-left override', '\u202e', 'U+202E'],
    ['embedding', '\u202a', 'U+202A'],
    ['isolate', '\u2066', 'U+2066'],
    ['tag', '\u{e0041}', 'U+E0041'],
    ['Hangul filler', '\u3164', 'U+3164'],
    ['invisible times', '\u2062', 'U+2062'],
    ['NUL', '\0', 'U+0000'],
    ['escape', '\u001b', 'U+001B'],
    ['next line', '\u0085', 'U+0085'],
    ['unpaired surrogate', '\ud800', 'U+D800'],
    ['noncharacter', '\ufffe', 'U+FFFE'],
  ])('%s is refused, also in quotes and after a backslash', (_name, char, name) => {
    for (const source of [`a${char}b`, `"a${char}b"`, `a\\${char}b`]) {
      expect(caught(() => tokenize(source))).toMatchObject({
        code: 'E_PARSE_CHARACTER',
        params: { character: name },
      });
    }
    expect(pointed(() => tokenize(`x a${char}b`))[1]).toBe(
      `x a<${name}>b\n   ^${'~'.repeat(name.length + 1)}`,
    );
  });
});

describe('[#10] length', () => {
  it('reads up to the limit, counted in UTF-8 bytes', () => {
    expect(texts('é'.repeat(lineLimit / 2))[0]).toHaveLength(lineLimit / 2);
    expect(caught(() => tokenize(`${'é'.repeat(lineLimit / 2)}a`))).toMatchObject({
      code: 'E_PARSE_TOO_LONG',
      params: { size: { bytes: lineLimit + 1 }, limit: { bytes: lineLimit } },
    });
  });

  it('refuses 60 kB before it looks at it', () => {
    const source = `!user add "${'\u202e'.repeat(20_000)}`;
    const [code, caret] = pointed(() => tokenize(source));
    expect(code).toBe('E_PARSE_TOO_LONG');
    expect(caret.length).toBeLessThan(500);
  });
});
