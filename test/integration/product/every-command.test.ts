import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nameOf } from '../../../src/commands/command-index.ts';
import { commands } from '../../../src/commands/nouns/index.ts';
import type { BotProcess } from '../../lab/bot-process.ts';
import { questionIn } from '../../lab/demo/question.ts';
import { HttpFailure } from '../../lab/http.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { repository, urtc } from '../../lab/product.ts';
import { login } from '../../lab/synapse/accounts.ts';
import { accountOf } from '../failure/accounts.ts';
import { calls } from './calls.ts';
import { callMany } from './many-calls.ts';
import { eventFaults } from './said.ts';

let lab: Lab;
let bot: BotProcess;
let alice: Person;
let room: string;
beforeAll(async () => {
  lab = await startLab({ name: 'commands' });
  bot = await lab.startBot();
  room = await lab.enterAdminRoom();
  alice = lab.person('alice');
});
afterAll(() => lab.stop());

/** The one JSON document of `--json`, whatever the command: this shape is a promise to scripts. */
const document = z.strictObject({
  outcome: z.enum(['ok', 'warning', 'refused', 'failed', 'unknown', 'cancelled']),
  command: z.string().nullable(),
  job: z.string().optional(),
  title: z.strictObject({ key: z.string(), text: z.string() }).or(z.string()).optional(),
  fields: z.record(z.string(), z.unknown()),
  groups: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  text: z.array(z.strictObject({ type: z.string(), value: z.unknown() })),
  files: z.array(z.unknown()),
  error: z.strictObject({ code: z.string(), message: z.string(), next: z.string() }).optional(),
});

const run = (...args: string[]) => urtc([...args, '--config', bot.configFile], { cwd: lab.folder });
const json = async (...args: string[]) => {
  const result = await run(...args, '--json');
  expect(result.stderr, args.join(' ')).toBe('');
  return { code: result.code, ...document.parse(JSON.parse(result.stdout)) };
};
const opens = async (localpart: string, password: string): Promise<boolean> => {
  try {
    await login(lab.synapse.baseUrl, localpart, password);
    return true;
  } catch (error) {
    if (error instanceof HttpFailure) return false;
    throw error;
  }
};
const codeIn = (body: string): string => {
  const code = /secret show ([0-9A-Z]{4}-[0-9A-Z]{4})/.exec(body)?.[1];
  if (code === undefined) throw new Error(`no one-time code in: ${body}`);
  return code;
};
const secretOf = async (code: string): Promise<string> => {
  const { fields } = await json('secret', 'show', code);
  return z.string().parse(fields['secret']);
};
const ok = async (line: string): Promise<string> => {
  const answer = await alice.ask(room, line);
  expect(answer.outcome, answer.body).toBe('ok');
  return answer.body;
};
/** Answers the question about a command that destroys with the code that it shows. */
const consent = async (line: string): Promise<string> => {
  const since = alice.mark(room);
  const command = await alice.send(room, line);
  const prompt = await alice.waitFor(room, (event) => 'io.urtc.prompt' in event.content, { since });
  const { code = '' } = questionIn(prompt) ?? {};
  await alice.send(room, code, { reply: prompt.event_id });
  const answer = await alice.answerTo(room, command, { since });
  expect(answer.outcome, answer.body).toBe('ok');
  return answer.body;
};

describe('accounts through the room, checked at the home server', () => {
  it('[P2] create, list, show and rename', async () => {
    const password = await secretOf(codeIn(await ok('!user add dora --display-name="Dora D"')));
    expect(await opens('dora', password)).toBe(true);
    expect(await accountOf(lab, 'dora')).toMatchObject({ displayname: 'Dora D', admin: false });
    expect(await ok('!user list dora')).toContain('Dora D');
    expect(await ok('!user show dora')).toContain('@dora:lab.test');
    await ok('!user rename dora Theodora');
    expect((await accountOf(lab, 'dora'))?.displayname).toBe('Theodora');
  });

  it('[P2] password, lock and unlock, with what they mean for who logs in', async () => {
    const first = await secretOf(codeIn(await ok('!user password dora')));
    expect(await opens('dora', first)).toBe(true);
    await ok('!user lock dora');
    expect(await accountOf(lab, 'dora')).toMatchObject({ locked: true });
    await ok('!user unlock dora');
    expect(await opens('dora', first)).toBe(true);
    const second = await secretOf(codeIn(await ok('!user password dora')));
    expect([await opens('dora', first), await opens('dora', second)]).toEqual([false, true]);
  });

  it('[P2] server admin, deactivate with consent, reactivate', async () => {
    await ok('!user add emil');
    await consent('!user admin emil on');
    expect((await accountOf(lab, 'emil'))?.admin).toBe(true);
    expect((await alice.ask(room, '!user admin emil off')).outcome).toBe('refused');
    expect((await json('user', 'admin', 'emil', 'off')).code).toBe(0);
    expect((await accountOf(lab, 'emil'))?.admin).toBe(false);
    await consent('!user deactivate emil');
    expect(await ok('!user show emil')).toContain('deactivated');
    const password = await secretOf(codeIn(await ok('!user reactivate emil')));
    expect(await opens('emil', password)).toBe(true);
  });

  it('[P2, P123] tokens with an end and a number of uses make so many accounts and no more', async () => {
    const before = Date.now();
    const body = await ok('!token create --days=7 --uses=2 --note="Class 7b"');
    const handle = /\bt[a-z0-9]{6}\b/.exec(body)?.[0] ?? '';
    const token = await secretOf(codeIn(body));
    const listed = async () =>
      (await json('token', 'list')).tables['tokens']?.find((row) => row['handle'] === handle);
    const row = await listed();
    expect(row).toMatchObject({ note: 'Class 7b' });
    const days = (Date.parse(z.string().parse(row?.['expires'])) - before) / 86_400_000;
    expect(days).toBeGreaterThan(6.99);
    expect(days).toBeLessThan(7.01);
    const registered = [];
    for (const name of ['pupil1', 'pupil2', 'pupil3'])
      registered.push(await registerWith(token, name));
    expect(registered).toEqual([true, true, false]);
    await ok(`!token revoke ${handle}`);
    expect(await listed()).toBeUndefined();
  });
});

const stage = z.object({ session: z.string() });

/** Registers as a pupil does who was given the token (spec, `m.login.registration_token`). */
async function registerWith(token: string, username: string): Promise<boolean> {
  const send = (auth?: Record<string, unknown>): Promise<Response> =>
    fetch(`${lab.synapse.baseUrl}/_matrix/client/v3/register`, {
      method: 'POST',
      body: JSON.stringify({ username, password: 'a long pupil password', ...(auth && { auth }) }),
    });
  const { session } = stage.parse(await (await send()).json());
  const answer = await send({ type: 'm.login.registration_token', token, session });
  if (answer.ok) return true;
  const last = await send({ type: 'm.login.dummy', session });
  return last.ok;
}

describe('the terminal', () => {
  it('[P121] prints a made password exactly once', async () => {
    const added = await json('user', 'add', 'frieda');
    const code = z.string().parse(added.fields['secret_code']);
    expect(JSON.stringify(added)).not.toMatch(/password":/);
    const shown = await json('secret', 'show', code);
    expect(shown.code).toBe(0);
    const again = await json('secret', 'show', code);
    expect(again).toMatchObject({ code: 64, error: { code: 'E_SECRET_CODE_UNKNOWN' } });
    const password = z.string().parse(shown.fields['secret']);
    expect(await opens('frieda', password)).toBe(true);
  });

  it('[P121] needs no prompt with --yes; without it and without a terminal nothing happens', async () => {
    const refused = await json('user', 'deactivate', 'frieda');
    expect(refused).toMatchObject({
      code: 77,
      outcome: 'refused',
      error: { code: 'E_CONFIRM_NO_TTY' },
    });
    expect((await json('user', 'show', 'frieda')).fields['state']).toMatchObject({
      text: 'active',
    });
    expect(await json('user', 'deactivate', 'frieda', '--yes')).toMatchObject({
      code: 0,
      outcome: 'ok',
    });
    expect((await json('user', 'show', 'frieda')).fields['state']).toMatchObject({
      text: 'deactivated',
    });
  });

  const callAll = async (otherwise: Readonly<Record<string, number>> = {}): Promise<void> => {
    const names = commands.map(nameOf);
    const options = ['--config', bot.configFile, '--json'];
    const results = await callMany(
      names.map((name) => [...name.split(' '), ...(calls[name]?.[0] ?? []), ...options]),
      lab.folder,
    );
    const odd: string[] = [];
    for (const [i, name] of names.entries()) {
      const exit = otherwise[name] ?? calls[name]?.[1] ?? -1;
      const { code = -1, stdout = '', stderr } = results[i] ?? {};
      expect(stderr, name).toBe('');
      const answer = document.parse(JSON.parse(stdout));
      if (code !== exit) odd.push(`${name}: ${code}`);
      if (exit !== 0 && answer.error === undefined) odd.push(`${name}: no error in the document`);
      if (exit === 0 && answer.error !== undefined) odd.push(`${name}: ${answer.error.code}`);
      if (exit === 0 && answer.command !== name) odd.push(`${name}: called ${answer.command}`);
    }
    expect(odd).toEqual([]);
  };

  it('[P121] every command has JSON and an exit code, through the running bot', async () => {
    // It is shown once, and not again.
    expect((await json('bot', 'recovery-key')).code).toBe(0);
    await callAll();
  }, 300_000);

  it('[P121] and the same without a bot', async () => {
    await bot.term();
    try {
      // Only a bot that runs holds the keys.
      await callAll({ 'bot replace-recovery-key': 69, 'bot accept-audit': 69 });
    } finally {
      bot = await lab.startBot();
    }
  }, 300_000);

  it('[P121] tells by exit codes what a script must know', async () => {
    const codes = [
      ['user', 'lst'],
      ['user', 'add'],
      ['user', 'deactivate', 'dora'],
      ['user', 'list', '--limt=4'],
    ].map(async (args) => (await json(...args)).code);
    expect(await Promise.all(codes)).toEqual([64, 64, 77, 64]);
    expect((await urtc(['status', '--config', '/nowhere/config.yaml'])).code).toBe(66);
    const unknown = await run('usr', 'list');
    expect(unknown.stdout).toContain('Did you mean `urtc user list`?');
    expect(await json('frobnicate')).toMatchObject({ command: null, code: 64 });
    expect((await run('bot', '--help')).stdout).toContain('urtc bot');
  });

  it('[P137] helps with every command on the terminal, and with all of them in the room', async () => {
    const topics = commands.map(nameOf).map((name) => ['help', ...name.split(' ')]);
    const results = await callMany([['--help'], ...topics], lab.folder);
    const [offline, ...pages] = results.map(({ stdout }) => stdout);
    const overview = await ok('!help');
    for (const [i, command] of commands.entries()) {
      expect(offline).toContain(`urtc ${nameOf(command)}`);
      if (command.surface !== 'terminal') expect(overview).toContain(`!${nameOf(command)}`);
      const help = pages[i] ?? '';
      for (const flag of Object.keys(command.flags))
        expect(help).toContain(`--${flag.slice(0, 4)}`);
      expect(help).toContain(command.role);
    }
    expect(await ok('!help user')).toContain('!user deactivate');
    const page = readFileSync(join(repository, 'docs/commands.md'), 'utf8');
    expect(commands.map(nameOf).filter((name) => !page.includes(`## ${name}\n`))).toEqual([]);
  });
});

describe('what was done', () => {
  it('[P169] stands in the audit log, which is intact and vouched for by the room', async () => {
    await ok('!user add hugo');
    expect(await ok('!audit --limit=3')).toMatch(/@alice:lab\.test[\s\S]*user add hugo/);
    expect(await ok('!audit verify')).toContain('as they were written');
    expect((await json('audit', 'verify')).code).toBe(0);
  });

  it('[P169] can be read and not be changed: one line altered behind its back is named', async () => {
    await bot.term();
    const database = new DatabaseSync(join(dirname(bot.configFile), 'data', 'state.sqlite'));
    const alter = (): void =>
      database.exec(
        "UPDATE audit SET entry = replace(entry, 'hugo', 'otto') WHERE entry LIKE '%hugo%'",
      );
    expect(alter).toThrow(/append-only/);
    database.exec('DROP TRIGGER audit_no_update');
    alter();
    database.close();
    const verdict = await json('audit', 'verify');
    expect(verdict.code).not.toBe(0);
    expect(verdict.outcome).toBe('failed');
    expect(JSON.stringify(verdict.text)).toMatch(/audit\.broken/);
  });

  it('was said in proper Matrix, all of it, and no event is too large', async () => {
    const events = await alice.messages(room);
    const said = events.filter((event) => event.sender === lab.botAccount.userId);
    // How many turns are written is the machine's; each command has one answer at least.
    expect(said.length).toBeGreaterThan(30);
    expect(said.flatMap(eventFaults)).toEqual([]);
  });
});
