import { runBot, type Doors } from '../bot/daemon/bot.ts';
import { openCluster, watchCluster } from '../bot/daemon/cluster.ts';
import { explain } from '../bot/daemon/logged-problem.ts';
import { createLog, type ProgramLog } from '../bot/daemon/logging.ts';
import type { House } from '../bot/daemon/house.ts';
import { maskSecrets } from '../bot/daemon/mask-secrets.ts';
import { keepWasmSmall } from '../bot/daemon/small-wasm.ts';
import { nameOf } from '../commands/command-index.ts';
import type { Dispatcher } from '../commands/dispatcher.ts';
import { commands } from '../commands/nouns/index.ts';
import { createRegistry } from '../commands/registry.ts';
import { AppError } from '../core/errors.ts';
import { Mask } from '../core/mask.ts';
import type { Language } from '../core/words/index.ts';
import { systemClock } from '../platform/clock.ts';
import { loadConfig, readSettings, type Config } from '../platform/config/config.ts';
import type { Environment } from '../platform/config/secrets.ts';
import type { Kubernetes } from '../platform/kubernetes/port.ts';
import { acquireLock, type LockHolder, type StoreLock } from '../platform/store/lock.ts';
import { createNotifier, type ServiceNotifier } from '../platform/systemd/notify.ts';
import { becomeOwnerOf } from './become-owner.ts';
import { folderProblem } from './folder-problem.ts';
import { reachBot } from './remote.ts';
import { rankSockets } from './sockets/rank-sockets.ts';
import { openTerminals } from './sockets/listen.ts';
import { serveTerminal } from './sockets/session.ts';

/** A defect of ours ended the bot (sysexits.h EX_SOFTWARE): systemd starts it again. */
const defectExit = 70;

function openDoors(config: Config, log: ProgramLog) {
  return async (house: House, dispatcher: Dispatcher): Promise<Doors> => {
    const language = () => house.live.current.settings.language;
    const { errors } = house.capabilities;
    return openTerminals(
      config.folders.sockets,
      rankSockets(config),
      (socket, rank) => serveTerminal(socket, rank, { dispatcher, log, language, errors }),
      log,
    );
  };
}

/**
 * Waits for a terminal command that has the store; a second bot gives up at once with
 * `E_STORE_LOCKED`. Null: told to stop meanwhile.
 */
async function lock(
  config: Config,
  log: ProgramLog,
  notifier: ServiceNotifier,
  signal: AbortSignal,
): Promise<StoreLock | null> {
  const folder = config.folders.data;
  const rival = new AbortController();
  const onWaiting = ({ pid }: LockHolder): void => {
    log.warn({ pid, folder }, 'waiting: another urtc is using the data folder');
    notifier.status(`waiting for process ${pid ?? '?'}`);
    reachBot(config.folders.sockets).then(
      (reached) => {
        if (reached.state === 'connected') reached.socket.destroy();
        if (reached.state === 'no-bot') return;
        rival.abort(new AppError('E_STORE_LOCKED', { pid: String(pid ?? '?'), folder }));
      },
      (error: unknown) => rival.abort(error),
    );
  };
  try {
    const either = AbortSignal.any([signal, rival.signal]);
    return await acquireLock(folder, { wait: { signal: either, onWaiting } });
  } catch (error) {
    rival.signal.throwIfAborted();
    if (signal.aborted) return null;
    throw folderProblem(error, 'dataDir', folder);
  }
}

/** The language of a config that is not right in another place, as far as it can be read. */
function languageIn(file: string): Language {
  try {
    const result = readSettings(file);
    return result.ok ? result.settings.language : 'en';
  } catch (error) {
    if (error instanceof AppError) return 'en';
    throw error;
  }
}

/** Signals of the service manager; a hang-up of a terminal that goes away means the end. */
function listenToSignals(stop: AbortController, reload: () => void): void {
  const end = (signal: string) => () => stop.abort(new Error(signal));
  process.on('SIGTERM', end('SIGTERM'));
  process.on('SIGINT', end('SIGINT'));
  process.on('SIGHUP', process.stdin.isTTY ? end('SIGHUP') : reload);
}

/** `urtc bot`: what systemd starts. Returns the exit code when it has ended. Throws where it can't begin. */
export async function bot(file: string, environment: Environment): Promise<number> {
  keepWasmSmall();
  const registry = createRegistry(commands);
  const isTerminal = process.stdout.isTTY;
  const target = { descriptor: 1, pretty: isTerminal, colour: isTerminal };
  let config: Config;
  try {
    config = loadConfig(file, environment, registry.commands.map(nameOf));
  } catch (error) {
    // On a terminal a person reads it like every other error; a log is read by programs, too.
    if (isTerminal || !(error instanceof AppError)) throw error;
    const { code, text } = explain(error, languageIn(file));
    createLog('error', new Mask(), target).error({ code, err: error.cause }, text);
    return error.exitCode;
  }
  becomeOwnerOf(config.folders.data);
  const mask = new Mask();
  maskSecrets(mask, config);
  const log = createLog(config.settings.log.level, mask, target);
  const notifier = createNotifier(environment, log);
  const stop = new AbortController();
  let house: House | null = null;
  listenToSignals(stop, () => {
    house?.live.reload().then(
      (result) => log.info(result, 'read the config again'),
      (error: unknown) => {
        const { code, text } = explain(error, config.settings.language);
        log.error({ code }, text);
      },
    );
  });
  const onDefect = (error: unknown): void => {
    const id = house?.capabilities.errors.record(error, null) ?? null;
    log.error({ err: error, error: id }, 'a defect ends the bot');
    process.exit(defectExit);
  };
  process.on('uncaughtException', onDefect);
  process.on('unhandledRejection', onDefect);

  let held: StoreLock | null = null;
  let kubernetes: Kubernetes | null = null;
  try {
    held = await lock(config, log, notifier, stop.signal);
    if (held === null) return 0;
    const open = openDoors(config, log);
    kubernetes = await openCluster(config, systemClock, log);
    if (kubernetes !== null) void watchCluster(kubernetes, log, stop.signal);
    await runBot(
      {
        ...{ config, environment, registry, log, mask, notifier, kubernetes },
        clock: systemClock,
        ownLog: () => log.recent(),
        onReload: (next) => log.setLevel(next.settings.log.level),
        openDoors: (built, dispatcher) => {
          house = built;
          return open(built, dispatcher);
        },
      },
      stop.signal,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof AppError)) {
      onDefect(error);
      return defectExit;
    }
    const { code, text } = explain(error, config.settings.language);
    log.error({ code, err: error.cause }, text);
    notifier.status(text);
    return error.exitCode;
  } finally {
    await kubernetes?.close();
    held?.release();
  }
}
