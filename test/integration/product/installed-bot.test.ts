import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startLab, type Lab } from '../../lab/lab.ts';
import { plainEnvironment, repository } from '../../lab/product.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';

let lab: Lab;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'urtc-installed-'));
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  execFileSync('npm', pack, { cwd: repository, env: plainEnvironment(), stdio: 'pipe' });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  execFileSync('tar', ['-xzf', tarball], { cwd: folder });
  lab = await startLab({ name: 'installed' });
});
afterAll(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('the packed program runs the bot by itself: no package beside it, a command is answered', async () => {
  const home = join(folder, 'package');
  expect(existsSync(join(home, 'node_modules'))).toBe(false);
  const { configFile, httpUrl } = await lab.configureBot();
  const args = [join(home, 'bin/urtc.cjs'), 'bot', '--config', configFile];
  const bot = spawn(process.execPath, args, {
    cwd: folder,
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(bot, 'exit');
  let log = '';
  bot.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  onTestFinished(() => void bot.kill('SIGKILL'));
  await until(
    `readiness: ${log}`,
    async () => {
      const response = await fetch(`${httpUrl}/readyz`).catch(() => null);
      return response?.status === 200 ? true : undefined;
    },
    { timeoutMs: 90_000, everyMs: 100 },
  );
  const room = await lab.enterAdminRoom();
  const alice = lab.person('alice');
  expect((await alice.ask(room, '!user add from-the-package')).outcome).toBe('ok');
  expect((await alice.ask(room, '!language zh')).outcome).toBe('ok');
  expect((await alice.ask(room, '!status')).body).toMatch(/\p{Script=Han}/u);
  bot.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(log).not.toMatch(/"level":"(error|fatal)"/);
});

it('ends in an orderly way when its launcher on an old Node is killed by kill -9 (told version)', async () => {
  const home = join(folder, 'package');
  const brought = `node-linux-${process.arch}`;
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(repository, 'node_modules', brought), join(folder, 'node_modules', brought));
  const old = join(folder, 'old-node.cjs');
  writeFileSync(old, "Object.defineProperty(process.versions, 'node', { value: '20.20.0' });");
  const account = await register(lab.synapse.baseUrl, { localpart: 'orphan' });
  const { configFile, httpUrl } = await lab.configureBot({ name: 'orphan', account });
  const args = ['--require', old, join(home, 'bin/urtc.cjs'), 'bot', '--config', configFile];
  const bot = spawn(process.execPath, args, {
    cwd: folder,
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Closed when the bot, which inherits it, has ended as well.
  const closed = once(bot, 'close');
  let log = '';
  bot.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  onTestFinished(() => void bot.kill('SIGKILL'));
  const status = async (path: string): Promise<number> => {
    const response = await fetch(`${httpUrl}${path}`).catch(() => null);
    return response?.status ?? 0;
  };
  const patience = { timeoutMs: 90_000, everyMs: 100 };
  await until(
    'readiness',
    async () => ((await status('/readyz')) === 200 ? true : undefined),
    patience,
  );
  bot.kill('SIGKILL');
  expect(await closed).toEqual([null, 'SIGKILL']);
  expect(log).toContain('"msg":"stopped"');
  expect(await status('/livez')).toBe(0);
});
