import { describe, expect, it } from 'vitest';
import { ranks, reaches, type Actor } from '../../../../src/commands/actor.ts';
import { nameOf } from '../../../../src/commands/command-index.ts';
import type { Need } from '../../../../src/commands/command-form.ts';
import type { Command } from '../../../../src/commands/command.ts';
import { help } from '../../../../src/commands/nouns/help.ts';
import { commands } from '../../../../src/commands/nouns/index.ts';
import { createRegistry } from '../../../../src/commands/registry.ts';
import { parseUserId } from '../../../../src/core/ids.ts';
import { words as english } from '../../../../src/core/words/en/index.ts';
import type { Language } from '../../../../src/core/words/index.ts';
import { exampleCommands, show } from '../example-commands.ts';
import { linesOf, nodesOf } from './read.ts';

const root: Actor = { kind: 'local', login: 'root', rank: 'owner' };
const operator: Actor = { kind: 'person', user: parseUserId('@otto:x.org'), rank: 'operator' };
const viewer: Actor = { kind: 'person', user: parseUserId('@eve:x.org'), rank: 'viewer' };
const registry = createRegistry([...exampleCommands, help]);

function contextOf(actor: Actor, given: readonly Command[], language: Language = 'en') {
  const surface = actor.kind === 'person' ? ('room' as const) : ('terminal' as const);
  const { signal } = new AbortController();
  return { registry: { commands: given }, actor, surface, language, signal };
}

const ask = (actor: Actor, ...command: string[]): Promise<readonly string[]> =>
  linesOf(help.run(contextOf(actor, registry.commands), { command }));

describe('help', () => {
  it('lists what the caller may run, and nothing else', async () => {
    expect(await ask(viewer)).toEqual([
      'What you can do here',
      '!user list: Done',
      '!note: Done',
      '!help: List what you can do, or explain a command',
      '`!help user list` explains a command.',
    ]);
    expect(await ask(operator)).toContain('!user add: Done');
    expect(await ask(operator)).not.toContain('!secret show: Done');
    expect(await ask(root)).toContain('urtc secret show: Done');
  });

  it('lists the verbs of a noun', async () => {
    expect(await ask(operator, 'user')).toEqual([
      'Commands of user',
      '!user add: Done',
      '!user list: Done',
      '`!help user add` explains a command.',
    ]);
    expect(await ask(viewer, '!User')).not.toContain('!user add: Done');
  });

  it('finds the verbs also where the commands are made anew each time they are asked for', async () => {
    const fresh = {
      get commands() {
        return registry.commands.map((command) => ({ ...command }));
      },
    };
    const context = { ...contextOf(operator, []), registry: fresh };
    expect(await linesOf(help.run(context, { command: ['user'] }))).toContain('!user add: Done');
  });

  it('explains a command with all that its value says', async () => {
    expect(await ask(operator, 'user', 'add')).toEqual([
      '!user add',
      'Done',
      '    !user add NAME [LEVEL] [--display-name=TEXT] [--days=DAYS] [--quiet] [--dry-run]',
      'Arguments',
      'NAME: Done',
      '[LEVEL]: Done; one of: low, high',
      'Options',
      '--display-name=TEXT: Done',
      '--days=DAYS: Done',
      '--quiet: Done',
      '--dry-run: shows what would happen and changes nothing',
      'Role: operator or higher',
      'Effect: changes something',
      'Examples',
      '    !user add alice',
      '    !user add alice high --display-name="Alice A." --quiet',
    ]);
  });

  it('says who may run what the caller may not', async () => {
    await expect(ask(viewer, 'user', 'add')).rejects.toMatchObject({ code: 'E_ROLE_TOO_LOW' });
  });

  it('explains in a room what works on the terminal alone, as it is typed there', async () => {
    const lines = await ask(viewer, ...show.words);
    expect(lines[0]).toBe('sudo urtc secret show');
    expect(lines).toContain('    sudo urtc secret show CODE');
    expect(lines).toContain("Where: only on the server's terminal");
    expect(await ask(viewer, 'secret')).toContain('sudo urtc secret show: Done');
    expect(await ask(viewer)).not.toContain('sudo urtc secret show: Done');
    const low: Actor = { kind: 'local', login: 'me', rank: 'viewer' };
    await expect(ask(low, ...show.words)).rejects.toMatchObject({ code: 'E_ROLE_TOO_LOW' });
  });

  it.each([
    [['user', 'ad'], 'user add'],
    [['nope'], 'note'],
    [['xyzzy'], null],
  ])('names the nearest for %j', async (given, nearest) => {
    await expect(ask(operator, ...given)).rejects.toMatchObject({
      code: 'E_COMMAND_UNKNOWN',
      params: {
        command: given.join(' '),
        suggestion:
          nearest === null ? '' : { key: 'parse.suggestion.command', params: { nearest } },
      },
    });
  });

  it('reads well on a phone: no tables', async () => {
    for (const name of ['', 'user', 'user add']) {
      const command = name === '' ? [] : name.split(' ');
      const nodes = await nodesOf(help.run(contextOf(root, registry.commands), { command }));
      expect(nodes.filter((node) => node.type === 'table')).toEqual([]);
    }
  });
});

describe('help of a bot whose config lacks something', () => {
  const anna: Actor = { kind: 'person', user: parseUserId('@anna:x.org'), rank: 'admin' };
  const asked = (lacking: readonly Need[], ...command: string[]) => {
    const context = { ...contextOf(anna, []), registry: { commands, lacking } };
    return linesOf(help.run(context, { command }));
  };
  const nounsAfter = (lines: readonly string[], heading: RegExp): readonly string[] => {
    const start = lines.findIndex((line) => heading.test(line));
    const rest = start === -1 ? [] : lines.slice(start + 1);
    const end = rest.findIndex((line) => !line.startsWith('!'));
    return [...new Set(rest.slice(0, end).map((line) => line.split(/[ :]/)[0] ?? ''))];
  };

  it('lists what only answers with an error at the end, under what it needs', async () => {
    const lines = await asked(['cluster', 'alerts', 'notify']);
    const first = lines.findIndex((line) => line.startsWith('These need'));
    expect(lines.findIndex((line) => line.startsWith('!user add'))).toBeLessThan(first);
    expect(lines.findIndex((line) => line.startsWith('!health'))).toBeGreaterThan(first);
    expect(nounsAfter(lines, /^These need a cluster/)).toEqual([
      ...['!health', '!info', '!events', '!perf', '!logs', '!restart', '!scale'],
    ]);
    expect(nounsAfter(lines, /^These need alerts/)).toEqual(['!alert', '!silence']);
    expect(nounsAfter(lines, /^These need a way out/)).toEqual(['!notify']);
  });

  it('lists as ever what the config has', async () => {
    const lines = await asked(['notify']);
    expect(nounsAfter(lines, /^These need/)).toEqual(['!notify']);
    expect((await asked([])).filter((line) => line.startsWith('These need'))).toEqual([]);
  });

  it('says it of one noun and of one command, too', async () => {
    expect(await asked(['alerts'], 'silence')).toContain(
      'These need alerts, which the config of this bot does not turn on:',
    );
    expect((await asked(['cluster'], 'health'))[2]).toMatch(/^It needs a cluster/);
    expect((await asked([], 'health')).join('\n')).not.toContain('It needs');
  });

  it('knows it of every command from what the command works with', () => {
    const withoutCluster = ['doctor', 'bundle', 'status'];
    for (const command of commands) {
      const uses = new Set<string>(command.uses);
      const isOfCluster = uses.has('kubernetes') && !withoutCluster.includes(nameOf(command));
      const need = uses.has('notify') ? 'notify' : uses.has('alerts') ? 'alerts' : undefined;
      const expected = isOfCluster ? 'cluster' : need;
      expect([nameOf(command), command.needs]).toEqual([nameOf(command), expected]);
    }
  });
});

describe('help for every registered command', () => {
  it.each(commands.map((command) => [nameOf(command), command] as const))(
    '%s',
    async (name, command) => {
      for (const rank of ranks) {
        const actor: Actor = { kind: 'local', login: 'me', rank };
        const listed = await linesOf(help.run(contextOf(actor, commands), { command: [] }));
        expect(listed.some((line) => line.startsWith(`urtc ${name}: `))).toBe(
          reaches(rank, command.role),
        );
      }
      for (const language of ['en', 'zh'] as const) {
        const context = contextOf(root, commands, language);
        const lines = await linesOf(help.run(context, { command: [...command.words] }), language);
        expect(lines[0]).toBe(`urtc ${name}`);
        const untranslated = lines.filter((line) => Object.hasOwn(english, line));
        expect(untranslated).toEqual([]);
      }
    },
  );
});
