import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { writeBotConfig } from '../../lab/bot-config.ts';
import { startBot, type BotProcess } from '../../lab/bot-process.ts';
import { freePort } from '../../lab/ports.ts';
import { urtc } from '../../lab/product.ts';
import { installSynapse } from '../../lab/synapse/install.ts';
import { until } from '../../lab/wait.ts';
import { startOnTerminal } from './seat.ts';

/** A config that is right, for a home server that is not there, in a folder with an odd name. */
async function configured(settings: Readonly<Record<string, unknown>> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'urtc-alone-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, "-it's a home");
  const [httpPort, homePort] = [await freePort(), await freePort()];
  const configFile = writeBotConfig({
    ...{ folder, httpPort, homeserverUrl: `http://127.0.0.1:${homePort}` },
    ...{ botUser: '@urtc:lab.test', botToken: 'syt_bot', adminToken: 'syt_admin' },
    people: [{ user: '@alice:lab.test', role: 'admin' }],
    settings,
  });
  return { folder, configFile, httpUrl: `http://127.0.0.1:${httpPort}` };
}

async function start(config: Awaited<ReturnType<typeof configured>>): Promise<BotProcess> {
  const { python } = await installSynapse();
  const bot = startBot({ ...config, python });
  onTestFinished(async () => {
    await bot.kill9();
  });
  return bot;
}

const logLine = z.object({ msg: z.string() });

/** What stands between the backticks that begin so, for a person to paste. */
function advised(text: string, beginning: string): string {
  const command = text.split('`').find((part) => part.startsWith(beginning));
  if (command === undefined) throw new Error(`no command "${beginning}…" in: ${text}`);
  return command;
}

const paste = (command: string, cwd: string): string =>
  execFileSync('/bin/sh', ['-c', command], { cwd, encoding: 'utf8' });

describe('the advice of an error, pasted into a shell', () => {
  it('closes a config file that everybody may write to', async () => {
    const { folder, configFile } = await configured();
    chmodSync(configFile, 0o646);
    const show = () => urtc(['config', 'show', '--config', configFile]);
    const refused = await show();
    expect(refused.stderr).toContain('E_CONFIG_UNTRUSTED');
    paste(advised(refused.stderr, 'chmod'), folder);
    expect((await show()).code).toBe(0);
  });

  it('closes a secret that others may read', async () => {
    const config = await configured();
    const { folder, configFile } = config;
    chmodSync(join(folder, 'secrets', 'bot-token'), 0o644);
    const bot = await start(config);
    expect((await bot.exited).code).toBe(78);
    // Whoever reads the log finds it like everything else that ends a bot.
    const [line = '', ...more] = bot.output().trim().split('\n');
    expect(z.object({ code: z.string() }).parse(JSON.parse(line)).code).toBe('E_SECRET_MODE');
    expect(more).toEqual([]);
    const check = () => urtc(['config', 'check', '--offline', '--config', configFile]);
    const refused = await check();
    expect(refused.stdout).toContain('E_SECRET_MODE');
    paste(advised(refused.stdout, 'chmod'), folder);
    expect((await check()).stdout).not.toContain('E_SECRET_MODE');
  });

  it('removes a damaged device file and says how its keys are replaced, without a backup', async () => {
    const config = await configured();
    const data = join(config.folder, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'device.sqlite'), 'x'.repeat(8192));
    const damaged = await start(config);
    expect((await damaged.exited).code).toBe(1);
    expect(damaged.output()).toContain('E_CRYPTO_STORE_CORRUPT');
    expect(damaged.output()).not.toContain('Restore it from a backup');
    const line =
      damaged
        .output()
        .split('\n')
        .find((each) => each.includes('CRYPTO_STORE_CORRUPT')) ?? '';
    paste(advised(logLine.parse(JSON.parse(line)).msg, 'rm'), config.folder);
    expect(existsSync(join(data, 'device.sqlite'))).toBe(false);
    const again = await start(config);
    await until(
      'the bot serves',
      async () => ((await again.status('/livez')) === 200 ? true : undefined),
      { timeoutMs: 60_000 },
    );
    expect((await again.term()).code).toBe(0);
  });
});

describe('a data folder that nobody can make', () => {
  it.each(['/proc/urtc', '/dev/null/urtc'])('%s: said at once', async (dataDir) => {
    const config = await configured({ dataDir });
    const bot = await start(config);
    await until(
      'the end of the bot',
      () => (bot.output().includes('E_CONFIG_INVALID') ? true : undefined),
      { timeoutMs: 60_000 },
    );
    expect((await bot.exited).code).toBe(78);
    expect(bot.output()).toContain('dataDir');
    const alone = await urtc(['audit', '--config', config.configFile], { timeoutMs: 60_000 });
    expect(alone.code).toBe(78);
    expect(alone.stderr).toContain('E_CONFIG_INVALID');
  });
});

describe('without a bot', () => {
  it('config reload says that there is nobody to tell', async () => {
    const { configFile } = await configured();
    const { code, stdout } = await urtc(['config', 'reload', '--yes', '--config', configFile]);
    expect(code).toBe(0);
    expect(stdout).toContain('No bot is running, so there is nobody to tell');
  });

  it.runIf(process.getuid?.() === 0)(
    'a full disk is no log line between command and answer',
    async () => {
      const { folder, configFile } = await configured({ dataDir: 'disk/data' });
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=28m', 'tmpfs', disk]);
      onTestFinished(() => void execFileSync('umount', ['-l', disk]));
      await urtc(['audit', '--config', configFile]);
      const { python } = await installSynapse();
      const fill = () =>
        execFileSync('/bin/sh', ['-c', 'cat /dev/zero > filler || :'], { cwd: disk });
      const change = ['token', 'create', '--config', configFile];
      fill();
      const piped = await urtc(change);
      expect(piped.stdout + piped.stderr).toMatch(/E_STORE_FULL|E_AUDIT_UNWRITABLE/);
      fill();
      const seat = startOnTerminal(python, change);
      await seat.ended;
      for (const shown of [piped.stdout + piped.stderr, seat.shown()]) {
        expect(shown).not.toMatch(/"level"|err=|state=|\d\d:\d\d:\d\d error/);
      }
    },
  );
});
