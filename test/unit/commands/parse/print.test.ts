import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { authorise } from '../../../../src/commands/authorise.ts';
import { indexCommands, nameOf } from '../../../../src/commands/command-index.ts';
import type { Command } from '../../../../src/commands/command.ts';
import { commands } from '../../../../src/commands/nouns/index.ts';
import { charactersOf } from '../../../../src/commands/parse/characters.ts';
import { dryRunFlag, type RawInput } from '../../../../src/commands/parse/invocation.ts';
import { parseLine, parseWords, restoreInvocation } from '../../../../src/commands/parse/parse.ts';
import {
  printInvocation,
  printShellWord,
  printWord,
} from '../../../../src/commands/parse/print.ts';
import { tokenize } from '../../../../src/commands/parse/tokenize.ts';
import { createRegistry } from '../../../../src/commands/registry.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { add, exampleCommands, exampleIndex } from '../example-commands.ts';
import { cpuMs } from '../../cpu-time.ts';
import { anyCharacter } from '../../any-character.ts';
import { propertyRuns } from '../../property-runs.ts';

const strange = `"'\\“”„‘’«»「」『』=＝-–—― \u00a0\u3000\t\n\r\u2028!！\u200b\u200d\u200e\u202e\ufe0f\0é1你👨`;
const nasty = fc.constantFrom('\ud800', ...Array.from(strange));
const typed = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc.string({
    unit: fc.oneof(nasty, fc.constantFrom('a', 'b', 'n', '0', '.', '@')),
    maxLength: 40,
  }),
);
/** Words as a value can hold them: what the rules for characters leave. */
const word = typed.map((text) => {
  try {
    return charactersOf(text)
      .map((each) => each.char)
      .join('');
  } catch {
    return '--';
  }
});

/** The same shape with schemas that take anything, so that only reading and printing are tried. */
function loosened(command: Command): Command {
  const anything = z.unknown();
  const loose = <T extends object>(
    declared: Readonly<Record<string, T>>,
  ): Record<string, T & { schema: z.ZodType }> =>
    Object.fromEntries(
      Object.entries(declared).map(([name, each]) => [name, { ...each, schema: anything }]),
    );
  return { ...command, arguments: loose(command.arguments), flags: loose(command.flags) };
}

function rawOf(command: Command): fc.Arbitrary<RawInput> {
  const named = Object.entries(command.arguments).filter(([, each]) => each.secret !== true);
  const args = fc.record(
    Object.fromEntries(
      named.map(([name, each]) => [
        name,
        each.rest === true ? fc.array(word, { minLength: 1, maxLength: 4 }) : word,
      ]),
    ),
  );
  const needed = named.filter(([, each]) => each.optional !== true).length;
  const switches = command.effect === 'read' ? [] : [dryRunFlag];
  const valued: string[] = [];
  for (const [name, flag] of Object.entries(command.flags)) {
    (flag.value === undefined ? switches : valued).push(name);
  }
  const flags: fc.Arbitrary<RawInput['flags']> = fc
    .tuple(fc.subarray(switches), fc.dictionary(fc.constantFrom('', ...valued), word))
    .map(([on, given]) => ({
      ...Object.fromEntries(on.map((name) => [name, true as const])),
      ...Object.fromEntries(Object.entries(given).filter(([name]) => name !== '')),
    }));
  return fc
    .tuple(args, fc.integer({ min: needed, max: named.length }), flags)
    .map(([given, count, chosen]) => ({
      arguments: Object.fromEntries(Object.entries(given).slice(0, count)),
      flags: chosen,
    }));
}

const all = [
  ...commands,
  ...exampleCommands.filter((each) => !commands.some((other) => nameOf(other) === nameOf(each))),
];

describe('[#10] parse(print(x)) = x', () => {
  it('for words', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const line = words.map(printWord).join(' ');
        expect(line).not.toContain('\n');
        expect(tokenize(line).map((each) => each.text)).toEqual(words);
      }),
      { numRuns: propertyRuns(2000) },
    );
  });

  it.each(all.map((command) => [nameOf(command), command] as const))(
    'for any input of %s, in the room and on the terminal',
    (_name, command) => {
      const secret = Object.values(command.arguments).some((each) => each.secret === true);
      const loose = loosened(command);
      const index = indexCommands([loose]);
      fc.assert(
        fc.property(rawOf(command), (raw) => {
          if (secret) return;
          const line = printInvocation({ command, raw });
          expect(parseLine(index, `!${line}`).raw).toEqual(raw);
          expect(parseLine(index, line).raw).toEqual(raw);
          const argv = tokenize(line).map((each) => each.text);
          expect(parseWords(index, argv).raw).toEqual(raw);
        }),
        { numRuns: propertyRuns(200) },
      );
    },
  );

  it.each(commands.flatMap((command) => command.examples.map((line) => [line])))(
    'for the example %s',
    (line) => {
      const registry = createRegistry(commands);
      const invocation = parseLine(registry, line);
      if (Object.values(invocation.command.arguments).some((each) => each.secret === true)) return;
      expect(parseLine(registry, printInvocation(invocation))).toEqual(invocation);
      const stored: unknown = JSON.parse(JSON.stringify(invocation.raw));
      expect(restoreInvocation(invocation.command, stored)).toEqual(invocation);
    },
  );

  it('masks secrets', () => {
    const invocation = parseWords(exampleIndex, ['secret', 'show', 'abcd']);
    expect(printInvocation(invocation)).toBe('secret show "[secret]"');
  });

  it('puts operands that look like flags behind --', () => {
    const invocation = parseLine(exampleIndex, 'note -- --root -x');
    expect(printInvocation(invocation)).toBe('note -- "--root" "-x"');
  });
});

describe('[#10] fuzz', () => {
  const registry = createRegistry(commands);
  const indexes = [registry, exampleIndex];
  const start = fc.constantFrom(
    '',
    '!',
    '!help ',
    '!user add ',
    '!note ',
    '!language ',
    '!user ad',
  );

  it('a line is understood or refused with a code, nothing else', () => {
    fc.assert(
      fc.property(start, typed, (before, rest) => {
        for (const index of indexes) {
          try {
            parseLine(index, `${before}${rest}`);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        }
      }),
      { numRuns: propertyRuns(5000) },
    );
  });

  it('so are the words of the terminal', () => {
    fc.assert(
      fc.property(fc.array(typed, { maxLength: 5 }), (words) => {
        for (const index of indexes) {
          try {
            parseWords(index, ['note', ...words]);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        }
      }),
      { numRuns: propertyRuns(3000) },
    );
  });

  it('so is any stored input: an error, never a half-read command', () => {
    for (const stored of [
      null,
      1,
      'x',
      {},
      { arguments: {} },
      { arguments: { a: 1 }, flags: {} },
    ]) {
      expect(() => restoreInvocation(add, stored)).toThrow('not the stored input');
    }
  });

  it('the longest line that is read takes less than half a second, however bad', () => {
    for (const filler of ['"', "'", '\\', '—', '!', ' a', '\n', '=', '--a=', '👨', 'a\u200d']) {
      const line = `!note ${filler.repeat(Math.floor(16_000 / Buffer.byteLength(filler)))}`;
      const before = cpuMs();
      try {
        parseLine(exampleIndex, line);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
      expect(cpuMs() - before).toBeLessThan(500);
    }
  });

  it('parse and authorise take less than 1 ms (median of 500)', () => {
    const times: number[] = [];
    for (let run = 0; run < 500; run += 1) {
      const before = performance.now();
      const { command } = parseLine(
        exampleIndex,
        '!user add alice high --display-name="Alice A." --days 3',
      );
      authorise(command, { kind: 'local', login: 'root', rank: 'owner' }, 'terminal');
      times.push(performance.now() - before);
    }
    times.sort((a, b) => a - b);
    expect(times[250]).toBeLessThan(1);
  });
});

describe('[#11] a line that root copies into a shell', () => {
  it('is the same words there, and nothing of it runs', () => {
    const random = fc.string({ unit: 'grapheme', maxLength: 20 });
    const wanted = [
      ...['$(id)', '`id`', "a'b", "''", '"', '*', '~root', '; id', '=id', '!!', '%1', '', '#', '&'],
      ...fc.sample(random, 300).map((text) => text.replaceAll('\0', '')),
    ];
    // One shell for all: a process each would take seconds.
    const line = `printf '%s\\0' ${wanted.map(printShellWord).join(' ')}`;
    const printed = execFileSync('sh', ['-c', line], { encoding: 'utf8' });
    expect(printed.split('\0').slice(0, -1)).toEqual(wanted);
  });

  it('means the same on the terminal as what was typed in the room', () => {
    const index = createRegistry(commands);
    const asked = parseLine(index, `!user rename chief "$(id)" 'a b'`);
    const line = printInvocation(asked, printShellWord);
    expect(line).toBe("user rename chief '$(id)' 'a b'");
    const argv = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
    const words = argv.split('\0').slice(0, -1);
    expect(parseWords(index, words).input).toEqual(asked.input);
  });
});
