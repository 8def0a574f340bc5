import { execFile } from 'node:child_process';
import type { Log } from '../../core/log.ts';
import type { Environment } from '../config/secrets.ts';

/** What a service tells systemd (sd_notify(3)). Without systemd every call does nothing. */
export interface ServiceNotifier {
  /** It serves now. */
  ready(status: string): void;
  /** One line for `systemctl status`. */
  status(text: string): void;
  stopping(): void;
  /** It is alive; to be said more often than {@link watchdogMs}. */
  alive(): void;
  /** Within how many ms systemd wants to hear {@link alive}; null: not at all. */
  readonly watchdogMs: number | null;
}

/** Runs `systemd-notify` with these arguments; calls back with what went wrong, or null. */
export type RunNotify = (args: readonly string[], done: (error: Error | null) => void) => void;

const runProgram: RunNotify = (args, done) => {
  execFile('systemd-notify', [...args], { timeout: 10_000 }, done);
};

/**
 * Node has neither datagram unix sockets nor sd_notify, so the program `systemd-notify` does it: the
 * unit needs `NotifyAccess=all`. `WATCHDOG_PID` is not looked at: behind the launcher it names the
 * launcher.
 */
export function createNotifier(
  environment: Environment,
  log: Log,
  run: RunNotify = runProgram,
): ServiceNotifier {
  const socket = environment['NOTIFY_SOCKET'] ?? '';
  const micros = Number(environment['WATCHDOG_USEC'] ?? Number.NaN);
  const tell = (...args: readonly string[]): void => {
    if (socket === '') return;
    run(args, (error) => {
      if (error !== null) log.warn({ err: error, args }, 'systemd could not be told');
    });
  };
  const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
  return {
    ready: (status) => tell('--ready', `--status=${oneLine(status)}`),
    status: (text) => tell(`--status=${oneLine(text)}`),
    stopping: () => tell('STOPPING=1'),
    alive: () => tell('WATCHDOG=1'),
    watchdogMs: socket !== '' && micros > 0 ? micros / 1000 : null,
  };
}
