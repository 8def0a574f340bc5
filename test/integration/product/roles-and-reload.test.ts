import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf } from '../../../src/commands/command-index.ts';
import { commands } from '../../../src/commands/nouns/index.ts';
import type { BotProcess } from '../../lab/bot-process.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { urtc } from '../../lab/product.ts';
import { until } from '../../lab/wait.ts';
import { accountOf } from '../failure/accounts.ts';

let lab: Lab;
let bot: BotProcess;
let room: string;
let people: Record<'alice' | 'otto' | 'vera', Person>;
const listed = [
  { user: '@alice:lab.test', role: 'admin' },
  { user: '@otto:lab.test', role: 'operator' },
  { user: '@vera:lab.test', role: 'viewer' },
] as const;

beforeAll(async () => {
  lab = await startLab({ name: 'roles', people: ['alice', 'otto', 'vera', 'nina'] });
  bot = await lab.startBot({ people: listed });
  const person = (name: string): Person => lab.person(name);
  people = { alice: person('alice'), otto: person('otto'), vera: person('vera') };
  room = await lab.enterAdminRoom(people.alice, people.otto, people.vera);
});
afterAll(() => lab.stop());

const ask = async (who: keyof typeof people, line: string) => {
  const { outcome, body } = await people[who].ask(room, line);
  return { outcome, code: /E_[A-Z_]+/.exec(body)?.[0] ?? '', body };
};

describe('roles in the room', () => {
  it('[P125] an operator who is no admin of the home server runs it day by day', async () => {
    expect((await accountOf(lab, 'otto'))?.admin).toBe(false);
    expect((await ask('otto', '!user add pupil')).outcome).toBe('ok');
    expect(await accountOf(lab, 'pupil')).toBeDefined();
    expect((await ask('otto', '!user lock pupil')).outcome).toBe('ok');
    expect((await ask('otto', '!token create --uses=1')).outcome).toBe('ok');
    for (const line of ['!user deactivate pupil', '!user admin pupil on', '!config reload']) {
      expect(await ask('otto', line), line).toMatchObject({
        outcome: 'refused',
        code: 'E_ROLE_TOO_LOW',
      });
    }
    expect(await accountOf(lab, 'pupil')).toMatchObject({ admin: false });
  });

  it('[P165] every command is refused to everybody below its role, and says which role it needs', async () => {
    const wrong: string[] = [];
    const ranks = { viewer: 0, operator: 1, admin: 2, owner: 3 };
    const places = [
      ['vera', 0],
      ['otto', 1],
    ] as const;
    const forbidden = places.flatMap(([who, rank]) =>
      commands
        .filter((command) => rank < ranks[command.role])
        .map((command) => ({ who, line: command.examples[0] ?? nameOf(command) })),
    );
    const answers = await Promise.all(forbidden.map(({ who, line }) => ask(who, `!${line}`)));
    for (const [i, { outcome, code }] of answers.entries()) {
      const refused = outcome === 'refused' && /E_ROLE_TOO_LOW|E_TERMINAL_ONLY/.test(code);
      if (!refused) wrong.push(`${JSON.stringify(forbidden[i])} → ${outcome} ${code}`);
    }
    expect(forbidden.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });

  it('[P165] nobody acts on an account of his own rank or a higher one', async () => {
    expect((await ask('otto', '!user password alice')).code).toBe('E_ACCOUNT_PROTECTED_RANK');
    expect((await ask('otto', '!user lock server-admin')).code).toBe('E_ACCOUNT_PROTECTED_ADMIN');
    expect((await ask('otto', '!user lock urtc')).code).toBe('E_ACCOUNT_IS_BOT');
    expect((await ask('alice', '!user deactivate alice')).code).toMatch(/E_ACCOUNT_/);
  });
});

/** Changes the config file as an editor does. */
const edit = (change: (text: string) => string): void => {
  const before = readFileSync(bot.configFile, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(bot.configFile, after);
};
const reload = () => urtc(['config', 'reload', '--config', bot.configFile]);

describe('a config that is read again', () => {
  it('gives a new person his role and a known one another, at once', async () => {
    const nina = lab.person('nina');
    expect((await ask('vera', '!user add by-vera')).code).toBe('E_ROLE_TOO_LOW');
    edit((text) =>
      text
        .replace('"role": "viewer"', '"role": "operator"')
        .replace('"people": [', '"people": [{"user": "@nina:lab.test", "role": "viewer"},'),
    );
    const answer = await reload();
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    expect(answer.stdout).toContain('people');
    expect((await ask('vera', '!user add by-vera')).outcome).toBe('ok');
    await nina.invitation(room);
    await nina.join(room);
    expect((await nina.ask(room, '!whoami')).body).toContain('viewer');
  });

  it('refuses who was taken off the list at once, without an answer in the room', async () => {
    edit((text) =>
      text.replace(
        /\{\s*"user": "@vera:lab.test",\s*"role": "operator"\s*\}/,
        '{"user": "@nobody:lab.test", "role": "viewer"}',
      ),
    );
    expect((await reload()).code).toBe(0);
    const since = people.alice.mark(room);
    const refused = await people.vera.send(room, '!user add after-removal');
    await people.alice.expectSilence(room, {
      since,
      forbidden: (event) =>
        event.sender === lab.botAccount.userId && JSON.stringify(event.content).includes(refused),
      marker: () => people.alice.ask(room, '!version').then((answer) => answer.event),
    });
    expect(await accountOf(lab, 'after-removal')).toBeUndefined();
    expect((await ask('alice', '!audit --person=@vera:lab.test --limit=1')).body).toMatch(
      /refused/i,
    );
  });

  it('changes the role of a command, and tells what needs a restart', async () => {
    edit((text) =>
      text.replace('"dataDir": "data"', '"dataDir": "elsewhere", "roles": {"user add": "admin"}'),
    );
    const answer = await reload();
    expect(answer.code).toBe(0);
    expect(answer.stdout).toMatch(/restart[^\n]*dataDir/i);
    expect((await ask('otto', '!user add too-low')).code).toBe('E_ROLE_TOO_LOW');
    expect((await ask('otto', '!help user add')).code).toBe('E_ROLE_TOO_LOW');
  });

  it('does the same at SIGHUP; a wrong file changes nothing and says why', async () => {
    edit((text) => text.replace('"user add": "admin"', '"user add": "operator"'));
    bot.signal('SIGHUP');
    await until(
      'the reload',
      () => (bot.output().includes('read the config again') ? true : undefined),
      {
        timeoutMs: 60_000,
      },
    );
    expect((await ask('otto', '!user add by-otto')).outcome).toBe('ok');
    edit((text) => text.replace('"user add": "operator"', '"user ad": "operator"'));
    const wrong = await ask('alice', '!config reload');
    expect(wrong).toMatchObject({ outcome: 'failed', code: 'E_CONFIG_INVALID' });
    expect(wrong.body).toContain('user ad');
    expect((await ask('otto', '!user lock by-otto')).outcome).toBe('ok');
  });
});
