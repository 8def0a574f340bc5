import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Command } from '../../../src/commands/command.ts';
import { commands } from '../../../src/commands/nouns/index.ts';
import { createRegistry, RegistryError } from '../../../src/commands/registry.ts';
import { add, exampleCommands, list, note } from './example-commands.ts';

function problems(...given: readonly Command[]): string {
  try {
    createRegistry(given);
  } catch (error) {
    if (error instanceof RegistryError) return error.problems.join('\n');
    throw error;
  }
  return '';
}
const text = { schema: z.string(), about: 'outcome.ok' } as const;
const maybe = { schema: z.string().optional(), about: 'outcome.ok', optional: true } as const;
const { role: addRole, ...addWithoutRole } = add;
const { effect: listEffect, ...listWithoutEffect } = list;

describe('the registry', () => {
  it('takes all commands of the product', () => {
    expect(createRegistry(commands).commands).toEqual(commands);
  });

  it('finds commands by name and noun', () => {
    const registry = createRegistry(exampleCommands);
    expect(registry.find('user add')).toBe(add);
    expect(registry.find('user')).toBeNull();
    expect(registry.ofNoun('user')).toEqual([add, list]);
    expect(registry.ofNoun('note')).toEqual([]);
  });

  it('[#12] a command without a role neither compiles nor registers', () => {
    expect(addRole).toBe('operator');
    // @ts-expect-error the compiler refuses it: `role` is missing
    expect(problems(addWithoutRole)).toMatch(/^command 0: role: /);
    // @ts-expect-error the compiler refuses it: there is no such role
    expect(problems({ ...add, role: 'everybody' })).toMatch(/^command 0: role: /);
  });

  it('[#12] a command without an effect neither compiles nor registers', () => {
    expect(listEffect).toBe('read');
    // @ts-expect-error the compiler refuses it: `effect` is missing
    expect(problems(listWithoutEffect)).toMatch(/effect/);
  });

  it('a change without steps neither compiles nor registers', () => {
    // @ts-expect-error the compiler refuses it: a change has at least one step
    expect(problems({ ...add, steps: [] })).toMatch(/steps: a change has at least one step/);
  });

  it.each<[string, Command, RegExp]>([
    ['words that nobody can type', { ...list, words: ['User', 'list'] }, /words/],
    ['no example', { ...list, examples: [] }, /examples/],
    [
      'an example that does not parse',
      { ...list, examples: ['user list now'] },
      /E_ARGUMENT_EXTRA/,
    ],
    ['an example of another command', { ...list, examples: ['note anna'] }, /runs note/],
    [
      'a needed argument after an optional one',
      { ...list, arguments: { a: maybe, b: text }, examples: ['user list a b'] },
      /b: a needed argument after an optional one/,
    ],
    [
      'an optional argument whose schema needs it',
      { ...list, arguments: { a: { ...text, optional: true } } },
      /a: `optional` and the schema disagree/,
    ],
    [
      'a needed argument whose schema does not need it',
      { ...list, arguments: { a: { ...maybe, optional: false } }, examples: ['user list a'] },
      /a: `optional` and the schema disagree/,
    ],
    [
      'a rest before the last',
      {
        ...list,
        arguments: {
          a: { schema: z.array(z.string()).min(1), about: 'outcome.ok', rest: true },
          b: text,
        },
      },
      /a: only the last argument takes the rest/,
    ],
    [
      'a flag in camel case',
      { ...list, flags: { dryRun: { ...maybe, value: 'X' } } },
      /flags\.dryRun/,
    ],
    [
      'a flag that is needed',
      { ...list, flags: { a: { ...text, value: 'X' } } },
      /--a: what can't be left out/,
    ],
    [
      'a switch that takes no boolean',
      { ...list, flags: { a: text } },
      /--a: a switch takes true and false/,
    ],
    [
      'a flag named dry-run',
      { ...list, flags: { 'dry-run': { schema: z.boolean(), about: 'outcome.ok' } } },
      /--dry-run is taken/,
    ],
    [
      'an argument and a flag of one name',
      { ...list, arguments: { a: maybe }, flags: { a: { ...maybe, value: 'X' } } },
      /A: two inputs of one name/,
    ],
    [
      'a change that takes a secret',
      { ...add, arguments: { name: { ...text, secret: true } }, examples: ['user add a'] },
      /name: a change keeps its input, so it takes no secret/,
    ],
    [
      'two steps of one name',
      { ...add, steps: [add.steps[0], add.steps[0]] },
      /add: two steps of one name/,
    ],
  ])('refuses %s', (_name, command, problem) => {
    expect(problems(command, note)).toMatch(problem);
  });

  it('refuses commands whose words clash', () => {
    expect(problems(list, list)).toMatch(/user list: registered twice/);
    expect(problems(list, { ...note, words: ['user'], examples: ['user anna'] })).toMatch(
      /user: is a command and the first word of others/,
    );
  });
});
