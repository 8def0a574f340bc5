import { join } from 'node:path';
import { createDispatcher, type Dispatcher } from '../../commands/dispatcher.ts';
import type { CommandIndex } from '../../commands/command-index.ts';
import type { RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Mask } from '../../core/mask.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import type { Environment } from '../../platform/config/secrets.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { Database } from '../../platform/store/database.ts';
import { openDevice } from '../../platform/store/device.ts';
import { MasterKey } from '../../platform/store/master-key.ts';
import { AnchorWriter } from '../audit-anchor.ts';
import { Chat } from '../chat.ts';
import { connect } from '../client/http-call.ts';
import { createCryptoApi } from '../client/http-crypto-api.ts';
import { createMatrixApi } from '../client/http-matrix-api.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { createSecretPromise } from '../direct/secret-promise.ts';
import { RoomSurface } from '../room-surface.ts';
import { alertsInChat } from './alerts-in-chat.ts';
import { createAlerts, type Alerts } from './alerts.ts';
import { anchorsInRooms } from './anchors-in-rooms.ts';
import { AnchoredAudit } from './audit-anchoring.ts';
import { auditedRefusals } from './audited-refusals.ts';
import { DeviceCrypto } from './device-crypto.ts';
import type { Fatal } from './fatal.ts';
import { createHealth } from './health.ts';
import { openHouse, type House } from './house.ts';
import { observe, type Observation } from './observation.ts';
import { Pulse } from './pulse.ts';

/** What a bot is composed from. The lock of the data folder is held by the caller. */
export interface CompositionOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly registry: CommandIndex;
  readonly clock: Clock;
  readonly log: Log;
  readonly mask: Mask;
  /** Null: the config names no cluster. The bot does not close it. */
  readonly kubernetes: Kubernetes | null;
  /** See `HouseOptions.ownLog`. */
  readonly ownLog?: () => readonly string[];
  readonly onReload: (config: Config) => void;
}

/** The parts of a bot, put together. None of them runs yet; its two databases are open. */
export interface Composition extends Observation {
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly house: House;
  readonly device: Database;
  readonly api: MatrixApi;
  readonly pulse: Pulse;
  readonly audit: AnchoredAudit;
  readonly dispatcher: Dispatcher;
  readonly crypto: DeviceCrypto;
  readonly chat: Chat;
  /** Null: the bot takes none. */
  readonly alerts: Alerts | null;
}

/**
 * Composes a bot: what commands work with, the chat, and what stands between them. What fails for
 * good while they run is told to `fatal`. Throws `E_STORE_*` and `E_CONFIG_INVALID`.
 */
export function composeBot(options: CompositionOptions, fatal: Fatal): Composition {
  const { config, clock, log } = options;
  const startedAt = clock.now();
  const { settings, secrets } = config;
  const homeserver = connect({ url: settings.homeserver.url, accessToken: secrets.botToken });

  const house = openHouse({
    ...options,
    onStorage: (state, cause) => {
      log.error({ err: cause, state }, 'the disk of the data folder is full');
      if (state === 'exhausted') fatal.storeFailed(cause);
    },
    onReload: (next, changed) => {
      options.onReload(next);
      if (changed.includes('people')) chat.rooms.peopleChanged();
    },
    anchors: anchorsInRooms({
      anchor: () => anchor,
      rooms: () => chat.rooms.ids(),
      url: homeserver.url,
    }),
    health: (built) =>
      createHealth(built, clock, { startedAt, lastSyncAt: () => chat.sync.lastGoodAt }),
  });
  const { database, ledger, outbox, capabilities } = house;
  const language = () => house.live.current.settings.language;
  const device = openDevice(join(config.folders.data, 'device.sqlite'), house.storage);
  const pulse = new Pulse(clock);
  const api = pulse.listenTo(createMatrixApi(homeserver));

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

  const crypto = new DeviceCrypto({
    ...{ api, database, device, clock, log },
    cryptoApi: createCryptoApi(homeserver, settings.bot.user),
    masterKey: new MasterKey(secrets.masterKey),
    safe: house.recoveryKey,
    self: settings.bot.user,
    onLost: (cause) => {
      log.error({ err: cause }, 'the keys of the device can not be written');
      fatal.keysFailed(cause);
    },
    desk: house.identityDesk,
    people: () => capabilities.people.list().map(({ user }) => user),
  });
  const questions = () => house.dispatch.confirmations.open();
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
    isAskedAbout: (command) => questions().some(({ commandEvent }) => commandEvent === command),
    isAskedIn: (asked) => questions().some(({ thread }) => thread === asked),
    ...auditedRefusals(audit, clock),
    onNewIdentity: (user) => {
      dispatcher.withdrawQuestions(user);
    },
  });
  const alerts = createAlerts({
    ...{ config, house, clock, log },
    places: { rooms: () => chat.rooms, reactionsTrusted },
  });

  return {
    ...{ startedAt, house, device, api, pulse, audit, dispatcher, crypto, chat, alerts },
    ...observe({ config, house, chat, alerts, clock, log, startedAt }),
  };
}
