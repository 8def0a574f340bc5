import type { Dispatcher } from '../../commands/dispatcher.ts';
import { version } from '../../core/version.ts';
import { runSampler } from '../../ops/usage/sampler.ts';
import type { ServiceNotifier } from '../../platform/systemd/notify.ts';
import { aborted } from '../signal.ts';
import { composeBot, type Composition, type CompositionOptions } from './composition.ts';
import { Fatal } from './fatal.ts';
import type { House } from './house.ts';
import { listen } from './http.ts';
import { live } from './live.ts';

/** Doors of the bot besides the room: the terminal's sockets. */
export interface Doors {
  /** Nobody new comes in. */
  stopAccepting(): void;
  close(): void;
}

/** What a bot is made of and runs with. */
export interface BotOptions extends CompositionOptions {
  readonly notifier: ServiceNotifier;
  readonly openDoors: (house: House, dispatcher: Dispatcher) => Promise<Doors>;
}

/** How long running steps may take to end, and then messages to be sent; ms. Together the grace time. */
const drainMs = 14_000;
const flushMs = 4000;

/** What runs beside the chat until the bot ends. */
function runBeside(
  { house, notify }: Composition,
  { log }: BotOptions,
  ended: AbortSignal,
): Promise<unknown> {
  const { capabilities, adminApi } = house;
  void capabilities.bundles.keepTidy(ended);
  return Promise.all([
    notify?.run(ended),
    capabilities.gauges.isConfigured
      ? runSampler({ ...capabilities, adminApi, log }, ended)
      : undefined,
  ]);
}

/**
 * Runs the bot until `signal` is aborted, then ends it in order: nothing new comes in, jobs end or
 * are left for the next start, messages go out, the audit log is anchored, everything is closed.
 * Rejects with what makes it impossible to go on: `E_TOKEN_REVOKED`, `E_TOKEN_IS_ADMIN`,
 * `E_ROOM_*`, `E_STORE_*`, `E_CONFIG_INVALID`, `E_ADDRESS_UNUSABLE`; it has ended in the same order
 * then.
 */
export async function runBot(options: BotOptions, signal: AbortSignal): Promise<void> {
  const { config, log, notifier } = options;
  const fatal = new Fatal();
  const ended = AbortSignal.any([signal, fatal.signal]);
  const bot = composeBot(options, fatal);
  const { house, device, dispatcher, crypto, chat, alerts, audit, http } = bot;
  const chatStop = new AbortController();
  const stopPulse = bot.pulse.drive(notifier);
  let doors: Doors | null = null;
  let isChatOver = false;
  let living: Promise<void> = Promise.resolve();
  let beside: Promise<unknown> = Promise.resolve();
  try {
    dispatcher.recover();
    await listen(http, config.file, 'http', config.settings.http);
    await alerts?.listen();
    doors = await options.openDoors(house, dispatcher);
    log.info({ version, config: config.file, data: config.folders.data }, 'started');
    notifier.ready('waiting for the home server');
    beside = runBeside(bot, options, ended);
    const chatting = live(bot, options, { ended, chatEnded: chatStop.signal }).finally(() => {
      isChatOver = true;
    });
    living = Promise.race([
      chatting,
      alerts?.run(ended) ?? new Promise<never>(() => undefined),
    ]).catch((error: unknown) => {
      if (!ended.aborted) throw error;
    });
    await Promise.race([living, aborted(ended)]);
    fatal.throwIfFailed();
  } finally {
    log.info({}, 'stopping');
    notifier.stopping();
    stopPulse();
    fatal.end();
    doors?.stopAccepting();
    await alerts?.close();
    await dispatcher.drain(drainMs);
    await beside;
    audit.finish();
    const mayBeSent = fatal.keysHold && chat.sync.lastGoodAt !== null && !isChatOver;
    if (mayBeSent && !(await chat.flush(flushMs)))
      log.warn({}, 'some messages wait for the next start');
    chatStop.abort();
    // Its failure, if it had one, is already on its way to the caller. Whoever waits for keys that
    // can't be written waits for ever, and holds the crypto.
    if (fatal.keysHold) await living.catch(() => undefined);
    await chat.rooms.settled();
    doors?.close();
    await http.close();
    if (fatal.keysHold) await crypto.close();
    device.close();
    await house.close();
    log.info({}, 'stopped');
  }
}
