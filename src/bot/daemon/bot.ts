import { join } from 'node:path';
import { createDispatcher, type Dispatcher } from '../../commands/dispatcher.ts';
import type { CommandIndex } from '../../commands/command-index.ts';
import { AppError } from '../../core/errors.ts';
import type { RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Mask } from '../../core/mask.ts';
import { version } from '../../core/version.ts';
import { runSampler } from '../../ops/usage/sampler.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { Environment } from '../../platform/config/secrets.ts';
import { openDevice } from '../../platform/store/device.ts';
import type { ServiceNotifier } from '../../platform/systemd/notify.ts';
import { AnchorWriter } from '../audit-anchor.ts';
import { Chat } from '../chat.ts';
import { createCryptoApi } from '../client/http-crypto-api.ts';
import { createMatrixApi } from '../client/http-matrix-api.ts';
import { createSecretPromise } from '../direct/secret-promise.ts';
import { RoomSurface } from '../room-surface.ts';
import { aborted } from '../signal.ts';
import { alertsInChat } from './alerts-in-chat.ts';
import { createAlerts } from './alerts.ts';
import { anchorsInRooms } from './anchors-in-rooms.ts';
import { AnchoredAudit } from './audit-anchoring.ts';
import { auditedRefusals } from './audited-refusals.ts';
import { MasterKey } from '../../platform/store/master-key.ts';
import { DeviceCrypto } from './device-crypto.ts';
import { careForCluster } from './cluster-care.ts';
import { createHealth } from './health.ts';
import { openHouse, type House } from './house.ts';
import { createHealthServer, listen } from './http.ts';
import { countUndelivered } from './undelivered.ts';
import { meetHomeserver } from './identity.ts';
import { explain } from './logged-problem.ts';
import { createMetrics } from './metrics.ts';
import { createNotify } from './notify.ts';
import { Pulse } from './pulse.ts';
import { Readiness } from './readiness.ts';

/** Doors of the bot besides the room: the terminal's sockets. */
export interface Doors {
  /** Nobody new comes in. */
  stopAccepting(): void;
  close(): void;
}

/** What a bot is made of. The lock of the data folder is held by the caller. */
export interface BotOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly registry: CommandIndex;
  readonly clock: Clock;
  readonly log: Log;
  readonly mask: Mask;
  /** Null: the config names no cluster. The bot does not close it. */
  readonly kubernetes: Kubernetes | null;
  readonly notifier: ServiceNotifier;
  /** See `HouseOptions.ownLog`. */
  readonly ownLog?: () => readonly string[];
  readonly onReload: (config: Config) => void;
  readonly openDoors: (house: House, dispatcher: Dispatcher) => Promise<Doors>;
}

/** How long running steps may take to end, and then messages to be sent; ms. Together the grace time. */
const drainMs = 14_000;
const flushMs = 4000;

/**
 * Runs the bot until `signal` is aborted, then ends it in order: nothing new comes in, jobs end or
 * are left for the next start, messages go out, the audit log is anchored, everything is closed.
 * Rejects with what makes it impossible to go on: `E_TOKEN_REVOKED`, `E_TOKEN_IS_ADMIN`,
 * `E_ROOM_*`, `E_STORE_*`, `E_CONFIG_INVALID`; it has ended in the same order then.
 */
export async function runBot(options: BotOptions, signal: AbortSignal): Promise<void> {
  const { config, clock, log, notifier } = options;
  const startedAt = clock.now();
  const { settings } = config;
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const end: {
    storeFailure: AppError | null;
    cryptoFailure: AppError | null;
    isChatOver: boolean;
  } = {
    storeFailure: null,
    cryptoFailure: null,
    isChatOver: false,
  };

  const house = openHouse({
    ...options,
    onStorage: (state, cause) => {
      log.error({ err: cause, state }, 'the disk of the data folder is full');
      if (state !== 'exhausted') return;
      end.storeFailure = cause;
      stop.abort();
    },
    onReload: (next, changed) => {
      options.onReload(next);
      if (changed.includes('people')) chat.rooms.peopleChanged();
    },
    anchors: anchorsInRooms({
      anchor: () => anchor,
      rooms: () => chat.rooms.ids(),
      url: settings.homeserver.url,
    }),
    health: (built) =>
      createHealth(built, clock, { startedAt, lastSyncAt: () => chat.sync.lastGoodAt }),
  });
  const { database, ledger, outbox, capabilities } = house;
  const language = () => house.live.current.settings.language;
  const pulse = new Pulse(clock);
  const api = pulse.listenTo(
    createMatrixApi({ url: settings.homeserver.url, accessToken: config.secrets.botToken }),
  );
  const device = openDevice(join(config.folders.data, 'device.sqlite'), house.storage);
  const anchor = new AnchorWriter({
    ...{ outbox, clock, log, api, language },
    self: settings.bot.user,
    head: () => house.audit.head(),
    verify: (anchors) => house.watchedAudit.compare(anchors),
    room: () => chat.rooms.admin,
  });
  const audit = new AnchoredAudit(house.audit, anchor);
  const promise = createSecretPromise(database, () => {
    chat.lookAfterSecrets();
  });
  /** A reaction is never sealed: whoever holds the home server can make one. */
  const reactionsTrusted = (room: RoomId): boolean =>
    house.dispatch.policy().reactionsTrusted(room) && !chat.isEncrypted(room);
  const dispatcher = createDispatcher({
    ...house.dispatch,
    audit,
    policy: () => ({ ...house.dispatch.policy(), reactionsTrusted }),
    room: new RoomSurface({ outbox, clock, promise, isEncrypted: (id) => chat.isEncrypted(id) }),
  });
  const account = { url: settings.homeserver.url, accessToken: config.secrets.botToken };
  const crypto = new DeviceCrypto({
    ...{ api, database, device, clock, log },
    cryptoApi: createCryptoApi(account, settings.bot.user),
    masterKey: new MasterKey(config.secrets.masterKey),
    safe: house.recoveryKey,
    self: settings.bot.user,
    onLost: (cause) => {
      log.error({ err: cause }, 'the keys of the device can not be written');
      end.cryptoFailure =
        cause instanceof AppError
          ? cause
          : new AppError('E_CRYPTO_FAILED', { reason: String(cause) }, cause);
      stop.abort();
    },
    desk: house.identityDesk,
    people: () => capabilities.people.list().map(({ user }) => user),
  });
  const chat: Chat = new Chat({
    ...{ api, database, ledger, outbox, device, clock, log, language },
    self: settings.bot.user,
    people: capabilities.people,
    adminRoom: settings.adminRoom,
    encryptAdminRoom: settings.encryptAdminRoom,
    secrets: capabilities.sealedSecrets,
    recoveryKey: house.recoveryKey,
    openCrypto: (surroundings) => crypto.open(surroundings),
    ...alertsInChat(settings, () => alerts, dispatcher),
    isAskedAbout: (command) =>
      house.dispatch.confirmations.open().some((question) => question.commandEvent === command),
    isAskedIn: (thread) =>
      house.dispatch.confirmations.open().some((question) => question.thread === thread),
    ...auditedRefusals(audit, clock),
    onNewIdentity: (user) => {
      dispatcher.withdrawQuestions(user);
    },
  });
  const alerts = createAlerts({
    ...{ config, house, clock, log },
    places: { rooms: () => chat.rooms, reactionsTrusted },
  });
  const { adminAccess } = house;
  const readiness = new Readiness({
    syncAgeMs: () => chat.sync.ageMs,
    admin: () => {
      const { problem } = adminAccess;
      const text = problem instanceof AppError ? explain(problem, language()).text : null;
      return { asked: problem !== 'unasked', problem: text };
    },
    auditProblem: () => house.watchedAudit.problem(language()),
  });
  const notify = createNotify({
    ...{ config, house, clock, log, alerts },
    room: () => chat.rooms.admin,
    syncAgeMs: () => chat.sync.ageMs,
    problems: () => readiness.problems().map(({ part }) => part),
  });
  const metrics = createMetrics({
    version,
    startedAt,
    ready: () => readiness.problems().length === 0,
    adminApiAccepted: () => adminAccess.problem === null,
    auditTrusted: () => house.watchedAudit.fault === null,
    lastSyncAt: () => chat.sync.lastGoodAt,
    inboxPending: () => ledger.pendingCount(),
    events: () => chat.counts,
    outbox: () => outbox.depth(clock.now()),
    jobsUnfinished: () => house.jobs.unfinished().length,
    store: () => house.storage.usage(),
    alerts: () => alerts?.figures() ?? null,
    notify: () => notify?.figures() ?? null,
    ended: () => outbox.ended,
    silencesMade: () => house.alertBoard.silencesMade,
  });
  const http = createHealthServer({
    notReady: () => readiness.problems(),
    undelivered: countUndelivered({ clock, outbox, alerts, notify }),
    metrics: () => metrics.text(),
  });

  const onAdminAccess = (problem: AppError | null): void => {
    if (problem === null) {
      log.info({}, 'the home server accepts the admin credential again');
      notifier.status('ready');
      return;
    }
    const { code, text } = explain(problem, language());
    log.error({ code }, text);
    notifier.status(text);
  };
  const live = async (): Promise<void> => {
    await meetHomeserver(
      {
        ...{ api, clock, log },
        expected: settings.bot.user,
        configFile: config.file,
        chatToken: config.secrets.botToken,
        adminUrl: config.adminUrl,
        onWaiting: (error) => {
          const told = explain(error, language());
          readiness.waiting(told.text);
          log.error({ code: told.code }, told.text);
          notifier.status(told.text);
        },
      },
      ended,
    );
    void adminAccess.watch(clock, onAdminAccess, ended).catch((error: unknown) => {
      if (!ended.aborted) throw error;
    });
    const { kubernetes } = options;
    if (kubernetes !== null) {
      const room = () => chat.rooms.admin;
      void careForCluster({ kubernetes, house, dispatcher, audit, clock, log, room }, ended);
    }
    void chat.sync.firstGood.then(() => {
      audit.note();
      log.info({ ms: Math.round(clock.now() - startedAt), room: chat.rooms.admin }, 'ready');
      if (!(adminAccess.problem instanceof AppError)) notifier.status('ready');
    });
    try {
      await chat.run(chatStop.signal);
    } finally {
      end.isChatOver = true;
    }
  };

  const chatStop = new AbortController();
  const stopPulse = pulse.drive(notifier);
  let doors: Doors | null = null;
  let living: Promise<void> = Promise.resolve();
  let sampling: Promise<void> = Promise.resolve();
  let notifying: Promise<void> = Promise.resolve();
  try {
    dispatcher.recover();
    await listen(http, config.file, 'http', settings.http);
    await alerts?.listen();
    doors = await options.openDoors(house, dispatcher);
    log.info({ version, config: config.file, data: config.folders.data }, 'started');
    notifying = notify?.run(ended) ?? notifying;
    notifier.ready('waiting for the home server');
    void capabilities.bundles.keepTidy(ended);
    if (capabilities.gauges.isConfigured) {
      sampling = runSampler({ ...capabilities, adminApi: house.adminApi, log }, ended);
    }
    living = Promise.race([
      live(),
      alerts?.run(ended) ?? new Promise<never>(() => undefined),
    ]).catch((error: unknown) => {
      if (!ended.aborted) throw error;
    });
    await Promise.race([living, aborted(ended)]);
    if (end.storeFailure !== null) throw end.storeFailure;
    if (end.cryptoFailure !== null) throw end.cryptoFailure;
  } finally {
    log.info({}, 'stopping');
    notifier.stopping();
    stopPulse();
    stop.abort();
    doors?.stopAccepting();
    await alerts?.close();
    await dispatcher.drain(drainMs);
    await sampling;
    await notifying;
    audit.finish();
    const isSound = end.cryptoFailure === null;
    const mayBeSent = isSound && chat.sync.lastGoodAt !== null && !end.isChatOver;
    if (mayBeSent && !(await chat.flush(flushMs)))
      log.warn({}, 'some messages wait for the next start');
    chatStop.abort();
    // Its failure, if it had one, is already on its way to the caller. Whoever waits for keys that
    // can't be written waits for ever, and holds the crypto.
    if (isSound) await living.catch(() => undefined);
    await chat.rooms.settled();
    doors?.close();
    await http.close();
    if (isSound) await crypto.close();
    device.close();
    await house.close();
    log.info({}, 'stopped');
  }
}
