import { chownSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { BotProcess } from '../../lab/bot-process.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { installSynapse } from '../../lab/synapse/install.ts';
import { until } from '../../lab/wait.ts';
import { RawTerminal, requestLine } from '../../unit/cli/terminal-desk.ts';
import { startCall, startOnTerminal, type RunningCall } from './seat.ts';

let lab: Lab;
let bot: BotProcess;
let room: string;
let python: string;
beforeAll(async () => {
  ({ python } = await installSynapse());
  lab = await startLab({ name: 'terminal' });
  bot = await lab.startBot({ settings: { terminal: { groups: { viewer: 'root' } } } });
  room = await lab.enterAdminRoom();
});
afterAll(() => lab.stop());

const making = { method: 'PUT', path: /\/_synapse\/admin\/v2\/users\// };
const run = (...args: string[]) => urtc([...args, '--config', bot.configFile]);
const shows = (call: RunningCall, text: string) =>
  until(`${text} on the terminal`, () => (call.shown().includes(text) ? true : undefined), {
    timeoutMs: 60_000,
  });
const document = z.object({
  outcome: z.string(),
  job: z.string().optional(),
  tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  error: z.object({ code: z.string() }).optional(),
});
const json = async (...args: string[]) => {
  const result = await run(...args, '--json');
  return { code: result.code, document: document.parse(JSON.parse(result.stdout)) };
};

describe('a command of the terminal', () => {
  it('gives the same answer through the bot and alone', async () => {
    const names = async () =>
      (await json('user', 'list')).document.tables['accounts']?.map((row) => row['name']);
    const through = await names();
    expect(through).toContain('alice');
    await bot.term();
    expect(await names()).toEqual(through);
    bot = await lab.startBot({ settings: { terminal: { groups: { viewer: 'root' } } } });
  });

  it('exits with the code of what went wrong', async () => {
    expect((await json('user', 'show', 'nobody-here')).code).toBe(64);
    expect((await json('user', 'deactvate', 'alice')).document.error?.code).toBe(
      'E_COMMAND_UNKNOWN',
    );
    // Nobody need be asked about what can't be done.
    const refused = await json('user', 'deactivate', 'alice');
    expect(refused).toMatchObject({
      code: 77,
      document: { error: { code: 'E_ACCOUNT_LAST_ROLE_ADMIN' } },
    });
  });

  it('never takes the want of a terminal for consent, alone as well', async () => {
    await run('user', 'add', 'kept');
    await bot.term();
    const refused = await json('user', 'deactivate', 'kept');
    expect(refused).toMatchObject({ code: 77, document: { error: { code: 'E_CONFIRM_NO_TTY' } } });
    bot = await lab.startBot({ settings: { terminal: { groups: { viewer: 'root' } } } });
    expect((await run('user', 'show', 'kept')).stdout).toContain('active');
  });

  it('[#12] has the role of the socket that it came through', async () => {
    const socketDir = join(dirname(bot.configFile), 'run');
    const viewer = new RawTerminal(socketDir, 'viewer');
    viewer.send(requestLine(['user', 'add', 'made-by-viewer']));
    await viewer.closed;
    const last = viewer.events.at(-1);
    expect(last?.type === 'finish' ? last.outcome : null).toBe('refused');
    expect(JSON.stringify(last)).toContain('E_ROLE_TOO_LOW');
    expect((await run('user', 'show', 'made-by-viewer')).code).toBe(64);
    expect(statSync(join(socketDir, 'owner.sock')).mode & 0o777).toBe(0o600);
    expect(statSync(join(socketDir, 'viewer.sock')).mode & 0o777).toBe(0o660);
  });
});

describe('a question on a terminal', () => {
  it('shows the plan; y does it, n leaves it', async () => {
    await run('user', 'add', 'asked');
    const args = ['user', 'deactivate', 'asked', '--config', bot.configFile];
    const no = startOnTerminal(python, args);
    await shows(no, 'asked:lab.test');
    await shows(no, '(or y)');
    no.child.stdin?.write('n\n');
    expect(await no.ended).toBe(130);
    expect((await run('user', 'show', 'asked')).stdout).toContain('active');
    const yes = startOnTerminal(python, args);
    await shows(yes, '(or y)');
    yes.child.stdin?.write('y\n');
    expect(await yes.ended).toBe(0);
    expect((await run('user', 'show', 'asked')).stdout).toContain('deactivated');
  });
});

describe('a terminal that goes away', () => {
  it('leaves its job to the bot, and `urtc jobs` finds the result', async () => {
    const rule = lab.proxy.add({ match: making, fault: { action: 'delay', ms: 1500 }, times: 1 });
    const call = startCall(['user', 'add', 'left-alone', '--config', bot.configFile]);
    await until('the work has begun', () => (rule.hits > 0 ? true : undefined), {
      timeoutMs: 60_000,
    });
    call.child.kill('SIGKILL');
    await call.ended;
    const row = await until(
      'the job has ended',
      async () => {
        const rows = (await json('jobs', '--all')).document.tables['jobs'] ?? [];
        return rows.find((each) => {
          const text = JSON.stringify(each);
          return text.includes('left-alone') && text.includes('outcome.ok') ? each : undefined;
        });
      },
      { timeoutMs: 60_000 },
    );
    expect(row['command']).toBe('user add left-alone');
    expect((await run('user', 'show', 'left-alone')).code).toBe(0);
  });

  it('by Ctrl-C asks the bot to cancel, and exits with 130', async () => {
    const rule = lab.proxy.add({ match: making, fault: { action: 'hang' }, times: 1 });
    const call = startOnTerminal(python, ['user', 'add', 'stopped', '--config', bot.configFile]);
    await until('the work has begun', () => (rule.hits > 0 ? true : undefined), {
      timeoutMs: 60_000,
    });
    call.child.stdin?.write('\u0003');
    await shows(call, 'Ctrl-C again');
    call.child.stdin?.write('\u0003');
    expect(await call.ended).toBe(130);
    lab.proxy.cut();
    expect((await lab.person('alice').ask(room, '!version')).outcome).toBe('ok');
  });
});

describe('hostile terminals', () => {
  it('by the hundred, with garbage, do not keep the room or other terminals from answers', async () => {
    const socketDir = join(dirname(bot.configFile), 'run');
    const crowd = Array.from({ length: 100 }, (_each, index) => {
      const terminal = new RawTerminal(socketDir, 'viewer');
      if (index % 4 === 1) terminal.send('x'.repeat(1_000_000));
      if (index % 4 === 2) terminal.send('{"type":"request"}\n');
      if (index % 4 === 3) terminal.send(requestLine(['version']).slice(0, 20));
      return terminal;
    });
    onTestFinished(() => {
      for (const each of crowd) each.socket.destroy();
    });
    const [answer, other] = await Promise.all([
      lab.person('alice').ask(room, '!version'),
      run('version'),
    ]);
    expect([answer.outcome, other.code]).toEqual(['ok', 0]);
    expect((await run('whoami')).code).toBe(0);
    expect(await bot.status('/readyz')).toBe(200);
  });
});

describe('the lock', () => {
  it('is held by a command that works alone; a bot that starts meanwhile waits visibly', async () => {
    await bot.term();
    // The work takes until the bot has said that it waits, however long that takes to come.
    lab.synapse.pause();
    onTestFinished(() => lab.synapse.resume());
    const call = startCall(['user', 'add', 'made-alone', '--config', bot.configFile]);
    const lockFile = join(dirname(bot.configFile), 'data', 'lock.json');
    const hasLock = () => {
      if (!existsSync(lockFile)) return undefined;
      return readFileSync(lockFile, 'utf8').includes(String(call.child.pid)) ? true : undefined;
    };
    await until('the command has the lock', hasLock, { timeoutMs: 60_000 });
    bot = await lab.startBot({ waitReady: false });
    await until(
      'the bot says so',
      () => (bot.output().includes('waiting: another urtc') ? true : undefined),
      {
        timeoutMs: 60_000,
      },
    );
    lab.synapse.resume();
    expect(await call.ended).toBe(0);
    await bot.ready();
  });
});

describe.runIf(process.getuid?.() === 0)('root without a bot', () => {
  it("works as the bot's user: what it writes belongs to him", async () => {
    const { configFile } = await lab.configureBot({ name: 'other-user' });
    const home = dirname(configFile);
    const nobody = 65_534;
    for (const name of [
      '',
      'config.yaml',
      ...readdirSync(join(home, 'secrets')).map((each) => join('secrets', each)),
      'secrets',
    ]) {
      chownSync(join(home, name), nobody, nobody);
    }
    const result = await urtc(['jobs', '--config', configFile]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const data = join(home, 'data');
    const owners = ['', ...readdirSync(data)].map((name) => statSync(join(data, name)).uid);
    expect(new Set(owners)).toEqual(new Set([nobody]));
  });
});
