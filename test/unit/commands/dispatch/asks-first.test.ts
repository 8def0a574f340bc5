import { describe, expect, it } from 'vitest';
import { nameOf } from '../../../../src/commands/command-index.ts';
import type { Command } from '../../../../src/commands/command.ts';
import { commands } from '../../../../src/commands/nouns/index.ts';
import { ranks, roles } from '../../../../src/core/roles.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { anna, local, otto, World } from './world.ts';

/** Lines that ask, then lines that don't, of every command that may ask. */
const table: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  restart: [['restart haproxy', 'restart all'], []],
  scale: [['scale haproxy 0', 'scale haproxy 0 --for=1h'], ['scale haproxy 2']],
  'user add': [['user add mia --admin'], ['user add mia', 'user add mia --display-name=M']],
  'user admin': [['user admin mia on'], ['user admin mia off']],
  'user deactivate': [['user deactivate mia', 'user deactivate mia --erase'], []],
  'bot approve': [['bot approve @mia:x.org'], []],
  'bot verify': [['bot verify'], []],
  'bot replace-recovery-key': [['bot replace-recovery-key'], []],
  'bot accept-audit': [['bot accept-audit'], []],
};

const mayAsk = (command: Command): boolean =>
  command.effect === 'destroy' || (command.effect === 'change' && command.asksFirst !== undefined);

/** The command with its own words, arguments and question, and nothing that it would do. */
function idle(command: Command): Command {
  if (command.effect === 'read') return command;
  return {
    ...command,
    account: () => null,
    plan: () => Promise.resolve({ facts: {}, shown: [] }),
    declined: () => undefined,
    steps: [
      {
        name: 'nothing',
        run: () => Promise.resolve({}),
        settle: () => Promise.resolve({ state: 'not-done' }),
      },
    ],
    report: () => [],
  };
}

const asking = commands.filter(mayAsk);
const rows = asking.map((command) => {
  const [yes = [], no = []] = table[nameOf(command)] ?? [];
  return { name: nameOf(command), command, yes, no };
});

describe('what asks first (plans and steps made up)', () => {
  it('is in this table, each with a line that asks', () => {
    expect(asking.map(nameOf).sort()).toEqual(Object.keys(table).sort());
    for (const { name, yes } of rows) expect(yes, name).not.toEqual([]);
  });

  it.each(rows)('[#16] $name: on the terminal, whoever gives it', async ({ command, yes, no }) => {
    const world = new World(tempFolder(), { commands: [idle(command)] });
    const able = ranks.slice(ranks.indexOf(command.role));
    const submit = async (line: string, with_: { yes?: boolean; interactive?: boolean }) => {
      const ends: string[] = [];
      for (const rank of able) {
        const asked: string[] = [];
        const { job } = await world.dispatcher.submit({
          words: line.split(' '),
          ...{ actor: local(rank), language: 'en', yes: false, interactive: false, ...with_ },
          surface: {
            working: () => undefined,
            progress: () => undefined,
            tell: () => undefined,
            prompt: (about) => {
              asked.push('asked ');
              setImmediate(() => world.dispatcher.cancel(about.id, local(rank)));
              return null;
            },
            finish: () => undefined,
          },
        });
        ends.push(`${asked.join('')}${job.outcome ?? ''}`);
      }
      return ends;
    };
    const all = (end: string) => able.map(() => end);
    for (const line of yes) {
      expect(await submit(line, {}), line).toEqual(all('refused'));
      expect(await submit(line, { interactive: true }), line).toEqual(all('asked cancelled'));
      expect(await submit(line, { yes: true }), line).toEqual(all('ok'));
    }
    for (const line of no) expect(await submit(line, {}), line).toEqual(all('ok'));
    world.close();
  });

  const inRooms = rows.filter(({ command }) => command.surface === 'everywhere');
  it.each(inRooms)('[#16] $name: in the room as there', async ({ command, yes, no }) => {
    const world = new World(tempFolder(), { commands: [idle(command)] });
    const people = roles.indexOf('operator') < ranks.indexOf(command.role) ? [anna] : [anna, otto];
    for (const person of people) {
      for (const line of yes) {
        const event = await world.says(person, `!${line}`);
        const { code } = await world.question();
        await world.says(person, code);
        expect((await world.answerTo(event)).outcome, line).toBe('ok');
      }
      for (const line of no) expect((await world.ask(person, `!${line}`)).outcome, line).toBe('ok');
    }
    world.close();
  });
});
