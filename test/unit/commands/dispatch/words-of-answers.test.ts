import { describe, expect, it } from 'vitest';
import { language } from '../../../../src/commands/nouns/language.ts';
import { tokenCommands } from '../../../../src/commands/nouns/token.ts';
import { userAdd } from '../../../../src/commands/nouns/user/add.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { parseLocalpart } from '../../../../src/core/ids.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { anna, local, otto, World } from './world.ts';

const open = (): World =>
  new World(tempFolder(), { commands: [language, userAdd, ...tokenCommands] });

describe('steps of a change', () => {
  it('that this one does not have are neither counted nor shown', async () => {
    const world = open();
    expect((await world.ask(otto, '!user add mia')).outcome).toBe('ok');
    expect(world.room.progress_).toEqual([
      'make a secret and its one-time code (1 of 3)',
      'make the account (2 of 3)',
      'set the password (3 of 3)',
    ]);
    expect((await world.ask(otto, '!user add mio --display-name=M')).outcome).toBe('ok');
    expect(world.room.progress_.at(-1)).toBe('set the display name (4 of 4)');
    expect(world.users.get(parseLocalpart('mio')).displayName).toBe('M');
  });

  it('are not said to be undone where they were never to be done', async () => {
    const world = open();
    const error = new AppError('E_ADMIN_API_FORBIDDEN');
    world.users.failNext = { error, done: false, times: 1 };
    const answer = await world.ask(otto, '!user add mia');
    expect(answer.text).toContain('Not done: make the account, set the password');
    expect(answer.text).not.toContain('make it a server admin');
  });
});

describe('answers', () => {
  it('name whoever is on the terminal in words', async () => {
    const world = open();
    const event = await world.says(anna, '!thing drop x');
    const { job } = await world.question();
    world.dispatcher.cancel(job.id, local('owner'));
    const { text } = await world.answerTo(event);
    expect(text).toContain("root on the server's terminal (owner) said no");
  });

  it('tell a wrong word what it should be', async () => {
    const world = open();
    const textOf = async (line: string): Promise<string> => (await world.ask(anna, line)).text;
    expect(await textOf('!cancel X')).toContain('“X” is not a valid job id such as jk4rw.');
    expect(await textOf('!token revoke X')).toContain('`!token list` shows them');
    for (const uses of ['-1', '0', '1.5', '10001', 'many']) {
      const text = await textOf(`!token create --uses=${uses}`);
      expect(text).toContain('a whole number from 1 to 10,000');
    }
  });

  it('are in the language that the person has just chosen', async () => {
    const world = open();
    expect(await world.ask(anna, '!language zh')).toMatchObject({ outcome: 'ok', language: 'zh' });
    expect(await world.ask(anna, '!language en')).toMatchObject({ outcome: 'ok', language: 'en' });
  });
});
