import { resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import { readSettings } from '../platform/config/config.ts';
import { systemConfigFile } from '../platform/config/default-path.ts';
import { systemCode } from '../platform/system-failure.ts';
import type { CommandCall } from './command-call.ts';
import { loginOf } from './login.ts';
import { protocolVersion, type Request } from './protocol.ts';
import { converseRemotely, reachBot } from './remote.ts';
import type { Screen } from './screen.ts';
import { processInterrupts, talk } from './talk.ts';

/** Where a packaged bot has its sockets, for users who may not read the config. */
const systemSockets = '/run/urtc';
/** A bot that starts or ends has the lock but no socket: it is given this long, ms. */
const patienceMs = 15_000;
const pollMs = 200;

function mayNotRead(error: unknown): boolean {
  return (
    error instanceof AppError &&
    error.code === 'E_CONFIG_UNREADABLE' &&
    systemCode(error.cause) === 'EACCES'
  );
}

/** Folder of the sockets. Throws what `readSettings` throws or tells. */
function socketFolder(file: string): string {
  try {
    const result = readSettings(file);
    if (!result.ok) throw result.problems[0];
    return resolve(file, '..', result.settings.terminal.socketDir);
  } catch (error) {
    if (mayNotRead(error) && file === systemConfigFile) return systemSockets;
    throw error;
  }
}

/**
 * Runs a command and returns the exit code: through the bot where one runs, otherwise in this
 * process, under the same lock.
 */
export async function command(call: CommandCall, screen: Screen): Promise<number> {
  const folder = socketFolder(call.configFile);
  const until = performance.now() + patienceMs;
  for (;;) {
    const reached = await reachBot(folder);
    if (reached.state === 'forbidden') throw new AppError('E_TERMINAL_FORBIDDEN');
    if (reached.state === 'connected') {
      const request: Request = {
        type: 'request',
        protocol: protocolVersion,
        words: [...call.words],
        language: call.language,
        login: loginOf(call.environment).slice(0, 64),
        yes: call.yes,
        interactive: screen.interactive,
      };
      const { socket } = reached;
      return talk((tell) => converseRemotely(socket, request, tell), screen, processInterrupts);
    }
    const { runAlone } = await import('./alone.ts');
    try {
      return await runAlone(call, screen);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const isLocked = error.code === 'E_STORE_LOCKED';
      if (!isLocked && call.words.join(' ') === 'doctor' && error.code !== 'E_TERMINAL_NO_BOT') {
        const { doctorAlone } = await import('./doctor-alone.ts');
        return await doctorAlone(call.configFile, error, screen);
      }
      if (!isLocked || performance.now() > until) throw error;
      screen.waiting(error);
      await new Promise((next) => setTimeout(next, pollMs));
    }
  }
}
