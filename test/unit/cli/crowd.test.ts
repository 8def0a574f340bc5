import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { converseRemotely, reachBot } from '../../../src/cli/remote.ts';
import { connectionLimit } from '../../../src/cli/sockets/listen.ts';
import type { Request, TerminalEvent } from '../../../src/cli/protocol.ts';
import { RawTerminal } from './terminal-desk.ts';

const request: Request = {
  type: 'request',
  protocol: 1,
  words: ['user', 'list'],
  language: 'en',
  login: 'anna',
  yes: true,
  interactive: false,
};

describe('a command that comes when the bot has too many terminals', () => {
  it('learns that, also when it has written its request before it was turned away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'urtc-desk-'));
    // A process of its own: who is at once server and client never writes too late.
    const script = join(import.meta.dirname, 'children/open-desk.ts');
    const desk = spawn(process.execPath, [script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      desk.kill('SIGKILL');
      await once(desk, 'exit');
      rmSync(folder, { recursive: true });
    });
    await once(desk.stdout, 'data');
    const crowd = Array.from({ length: 200 }, () => new RawTerminal(folder));
    await vi.waitUntil(
      () => crowd.filter((each) => each.socket.destroyed).length === 200 - connectionLimit,
      20_000,
    );
    for (let i = 0; i < 100; i += 1) {
      const reached = await reachBot(folder);
      if (reached.state !== 'connected') throw new Error(reached.state);
      const events: TerminalEvent[] = [];
      await converseRemotely(reached.socket, request, (event) => events.push(event)).done;
      expect(events).toMatchObject([{ type: 'problem', error: { code: 'E_TERMINAL_BUSY' } }]);
    }
    for (const each of crowd) each.socket.destroy();
  });
});
