import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import { readCryptoDevice } from '../../platform/store/crypto-device.ts';
import type { ServiceNotifier } from '../../platform/systemd/notify.ts';
import { careForCluster } from './cluster-care.ts';
import type { Composition } from './composition.ts';
import { meetHomeserver } from './identity.ts';
import { explain } from './logged-problem.ts';
import { giveStartMemoryBack } from './start-memory.ts';

/** What a bot that lives with its home server needs besides its parts. */
export interface LiveOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** Null: the config names no cluster. */
  readonly kubernetes: Kubernetes | null;
  readonly notifier: ServiceNotifier;
}

/** The signals of its end. */
export interface LiveSignals {
  /** The bot ends: nothing new begins. */
  readonly ended: AbortSignal;
  /** The chat ends, too: what was left to say is said. */
  readonly chatEnded: AbortSignal;
}

/**
 * Waits for the home server, then talks with it until the chat is ended. Rejects with what makes it
 * impossible to go on: `E_TOKEN_REVOKED`, `E_TOKEN_IS_ADMIN`, `E_ROOM_*`, `E_CONFIG_INVALID`.
 */
export async function live(
  bot: Composition,
  { config, clock, log, kubernetes, notifier }: LiveOptions,
  { ended, chatEnded }: LiveSignals,
): Promise<void> {
  const { house, device, api, audit, dispatcher, chat, readiness, startedAt } = bot;
  const { adminAccess } = house;
  const tell = (error: unknown): string => {
    const { code, text } = explain(error, house.live.current.settings.language);
    log.error({ code }, text);
    notifier.status(text);
    return text;
  };
  await meetHomeserver(
    {
      ...{ api, clock, log },
      expected: config.settings.bot.user,
      configFile: config.file,
      chatToken: config.secrets.botToken,
      hasDevice: () => readCryptoDevice(device) !== null,
      adminUrl: config.adminUrl,
      onWaiting: (error) => {
        readiness.waiting(tell(error));
      },
    },
    ended,
  );
  const onAdminAccess = (problem: AppError | null): void => {
    if (problem !== null) {
      tell(problem);
      return;
    }
    log.info({}, 'the home server accepts the admin credential again');
    notifier.status('ready');
  };
  void adminAccess.watch(clock, onAdminAccess, ended).catch((error: unknown) => {
    if (!ended.aborted) throw error;
  });
  if (kubernetes !== null) {
    const room = () => chat.rooms.admin;
    void careForCluster({ kubernetes, house, dispatcher, audit, clock, log, room }, ended);
  }
  void chat.sync.firstGood.then(() => {
    audit.note();
    log.info({ ms: Math.round(clock.now() - startedAt), room: chat.rooms.admin }, 'ready');
    if (!(adminAccess.problem instanceof AppError)) notifier.status('ready');
    void giveStartMemoryBack(clock, ended);
  });
  await chat.run(chatEnded);
}
