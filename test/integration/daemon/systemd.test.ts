import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startLab, type Lab } from '../../lab/lab.ts';
import { installSynapse } from '../../lab/synapse/install.ts';
import { until } from '../../lab/wait.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'systemd' });
});
afterAll(() => lab.stop());

/** The manager's end of NOTIFY_SOCKET: a datagram socket, which Node does not have. */
const listener = `
import socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print('LISTENING', flush=True)
while True:
    for line in receiver.recv(4096).decode().splitlines():
        print(line, flush=True)
`;

async function manager() {
  const { python } = await installSynapse();
  const folder = mkdtempSync(join(tmpdir(), 'urtc-notify-'));
  const path = join(folder, 's');
  const child = spawn(python, ['-I', '-c', listener, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let heard = '';
  child.stdout.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = () => heard.split('\n');
  const hears = (line: string) =>
    until(`${line} from the bot`, () => (lines().includes(line) ? true : undefined), {
      timeoutMs: 60_000,
    });
  await hears('LISTENING');
  return { path, lines, hears };
}

const hasNotify = spawnSync('systemd-notify', ['--version']).status === 0;

describe.runIf(hasNotify)('a service of systemd', () => {
  it('tells when it serves, how it is, that it lives and that it ends', async () => {
    const systemd = await manager();
    const env = { NOTIFY_SOCKET: systemd.path, WATCHDOG_USEC: '900000', WATCHDOG_PID: '1' };
    lab.proxy.block();
    const bot = await lab.startBot({ env, waitReady: false });
    await systemd.hears('READY=1');
    await until(
      'the reason as status',
      () =>
        systemd.lines().some((line) => /^STATUS=.*does not answer/.test(line)) ? true : undefined,
      { timeoutMs: 60_000 },
    );
    // A home server that is away is no reason to be restarted.
    await systemd.hears('WATCHDOG=1');
    lab.proxy.unblock();
    await bot.ready();
    await systemd.hears('STATUS=ready');
    expect(await bot.term()).toEqual({ code: 0, signal: null });
    await systemd.hears('STOPPING=1');
  });
});
