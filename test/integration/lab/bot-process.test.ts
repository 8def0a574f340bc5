import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { startBot } from '../../lab/bot-process.ts';
import { freePort } from '../../lab/ports.ts';
import { newRunFolder } from '../../lab/run-folder.ts';
import { installSynapse } from '../../lab/synapse/install.ts';
import { until } from '../../lab/wait.ts';

it('tells the last lines of a bot that ends instead of becoming ready', async () => {
  const { python } = await installSynapse();
  const configFile = join(newRunFolder('no-config'), 'config.yaml');
  const httpUrl = `http://127.0.0.1:${await freePort()}`;
  const bot = startBot({ configFile, httpUrl, python });
  await expect(bot.ready()).rejects.toThrow(/the bot ended \(\d+\):\n.+/);
  expect(bot.output()).not.toBe('');
  expect(await bot.status('/readyz')).toBe(0);
});

it('lets no program live on whose starter was killed by kill -9', async () => {
  const { python } = await installSynapse();
  const wrapper = join(import.meta.dirname, '../../lab/die-with-parent.py');
  // A starter in between, to be killed: it starts `sleep` the way bots are started.
  const script = `
    const child = require('node:child_process').spawn(
      ${JSON.stringify(python)},
      ['-I', '-S', ${JSON.stringify(wrapper)}, String(process.pid), '/bin/sleep', '60'],
      { stdio: 'ignore' },
    );
    console.log(child.pid);
    setInterval(() => {}, 60000);`;
  const starter = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => {
    createInterface({ input: starter.stdout }).once('line', (line) => {
      resolve(Number(line));
    });
  });
  const isThere = (): boolean => existsSync(`/proc/${pid}`);
  const isSleep = (): boolean => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sleep';
  await until('the program', () => (isSleep() ? true : undefined), { timeoutMs: 60_000 });
  starter.kill('SIGKILL');
  await once(starter, 'exit');
  await until('its end', () => (isThere() ? undefined : true), { timeoutMs: 60_000 });
});
