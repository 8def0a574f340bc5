import { join } from 'node:path';
import { roleOverrides, withRoles } from '../../commands/authorise.ts';
import type { AuditAnchors, BotHealth, Capabilities } from '../../commands/capabilities.ts';
import { nameOf, type CommandIndex } from '../../commands/command-index.ts';
import type { DispatcherParts } from '../../commands/parts.ts';
import { createPermissions } from '../../commands/permissions.ts';
import { serverOf } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Mask } from '../../core/mask.ts';
import { version } from '../../core/version.ts';
import { BundleDesk } from '../../ops/bundle/bundle-desk.ts';
import { LogDesk } from '../../ops/logs/log-desk.ts';
import { createRedaction } from '../../ops/redaction/redaction.ts';
import { noCluster } from '../../ops/stack/no-cluster.ts';
import { BundleShelf } from '../../platform/bundles/bundle-shelf.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import { ownFilesOf } from '../../platform/config/own-files.ts';
import type { Environment } from '../../platform/config/secrets.ts';
import { installedHelm } from '../../platform/helm/helm-version.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import { AuditChain } from '../../platform/store/audit-chain.ts';
import { ConfirmationStore } from '../../platform/store/confirmations.ts';
import type { Database } from '../../platform/store/database.ts';
import { createErrorLog } from '../../platform/store/error-log.ts';
import { IdentityPins } from '../../platform/store/identity-pins.ts';
import { JobStore } from '../../platform/store/jobs.ts';
import { SqliteLedger } from '../../platform/store/ledger-store.ts';
import { MasterKey } from '../../platform/store/master-key.ts';
import { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import { createPeopleStore } from '../../platform/store/people.ts';
import { RecoveryKeySafe } from '../../platform/store/recovery-key-safe.ts';
import { createSamples } from '../../platform/store/samples.ts';
import { createSealedSecrets } from '../../platform/store/sealed-secrets.ts';
import { openState } from '../../platform/store/state.ts';
import { StorageGuard, type StorageGuardOptions } from '../../platform/store/storage-guard.ts';
import { createHealingMemory } from '../../platform/store/healing.ts';
import { createTemporaryScales } from '../../platform/store/temporary-scales.ts';
import { createTokenNotes } from '../../platform/store/token-notes.ts';
import { AdminApi } from '../../platform/synapse/admin-api.ts';
import { SynapseRegistrationTokens } from '../../platform/synapse/synapse-registration-tokens.ts';
import { SynapseUsers } from '../../platform/synapse/synapse-users.ts';
import { createHealingDesk } from '../../ops/healing/healing-desk.ts';
import type { Channel } from '../../ops/notify/channel.ts';
import { NotifyDesk } from '../../ops/notify/notify-desk.ts';
import { openChannel } from '../../ops/notify/open-channels.ts';
import { IdentityDesk } from '../crypto/identity-desk.ts';
import type { Language } from '../../core/words/index.ts';
import { RoomStore } from '../../platform/store/rooms.ts';
import { AdminAccess } from './admin-access.ts';
import { openAlertDesk, type AlertDesk } from './alert-desk.ts';
import { noteApproval } from './approval-notice.ts';
import { openGauges } from './gauges.ts';
import { LiveConfig } from './live-config.ts';
import { maskSecrets } from './mask-secrets.ts';
import { createPeople } from './people.ts';
import { WatchedAudit } from './watched-audit.ts';

/** What a house is built from. The lock of the data folder is held by the caller. */
export interface HouseOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly registry: CommandIndex;
  readonly clock: Clock;
  readonly log: Log;
  readonly mask: Mask;
  readonly onStorage: NonNullable<StorageGuardOptions['onChange']>;
  /** The cluster, where the config names one. The house does not close it. */
  readonly kubernetes?: Kubernetes | null;
  /** Whether a bot runs on it (default) or a terminal works by itself. */
  readonly isRunning?: boolean;
  readonly onReload: (config: Config, changed: readonly string[]) => void;
  /** The last lines of this process's log, secrets masked; missing: it keeps none. */
  readonly ownLog?: () => readonly string[];
  /** The anchors of the audit log that are kept outside; null where they can't be asked. */
  readonly anchors: AuditAnchors | null;
  /** What `status` tells; asked of whoever knows (a bot that runs, or a terminal without one). */
  readonly health: (house: House) => BotHealth;
}

/** Everything that commands work with and no Matrix: the same for the bot and for a terminal alone. */
export interface House extends AlertDesk {
  readonly live: LiveConfig;
  readonly storage: StorageGuard;
  readonly database: Database;
  readonly ledger: SqliteLedger;
  readonly outbox: SqliteOutbox;
  readonly jobs: JobStore;
  readonly audit: AuditChain;
  readonly adminApi: AdminApi;
  readonly adminAccess: AdminAccess;
  /** Where the recovery key waits to be shown. */
  readonly recoveryKey: RecoveryKeySafe;
  /** Tell it when the keys of the device are open. */
  readonly identityDesk: IdentityDesk;
  /** Whether the audit log is what was written. */
  readonly watchedAudit: WatchedAudit;
  readonly capabilities: Omit<Capabilities, 'jobs' | 'speech'>;
  /** Ways out that need no Matrix. */
  readonly channels: readonly Channel[];
  /** All that a dispatcher needs but where rooms get their answers. */
  readonly dispatch: Omit<DispatcherParts, 'room'>;
  close(): Promise<void>;
}

/**
 * Opens the store and composes what commands work with. Throws `E_STORE_*`, and `E_CONFIG_INVALID`
 * where `roles` names a command that does not exist.
 */
export function openHouse(options: HouseOptions): House {
  const { config, environment, registry, clock, log, mask, onStorage, onReload } = options;
  const storage = new StorageGuard(config.folders.data, { onChange: onStorage });
  const database = openState(config.folders.data, storage);
  const names = registry.commands.map(nameOf);
  const { isRunning = true } = options;
  const live = new LiveConfig(
    { config, environment, commands: names, isRunning },
    (next, changed) => {
      maskSecrets(mask, next);
      onReload(next, changed);
    },
  );
  const settings = () => live.current.settings;
  const overrides = () => roleOverrides(registry, settings().roles, config.file);
  overrides();

  const masterKey = new MasterKey(config.secrets.masterKey);
  const botUser = settings().bot.user;
  const serverName = serverOf(botUser);
  const adminApi = new AdminApi({
    url: config.adminUrl,
    token: config.secrets.adminToken,
    onRefused: (refusal) => adminAccess.note(refusal),
  });
  const adminAccess = new AdminAccess(adminApi);
  const users = new SynapseUsers(adminApi, serverName);
  const people = createPeople(settings, createPeopleStore(database));
  const audit = new AuditChain(database, masterKey);
  const watchedAudit = new WatchedAudit(audit, options.anchors);
  const ledger = new SqliteLedger(database);
  const outbox = new SqliteOutbox(database);
  const jobs = new JobStore(database);

  const recoveryKey = new RecoveryKeySafe({ database, masterKey, clock, user: botUser });
  const identityDesk = new IdentityDesk({
    ...{ user: botUser, clock, pins: new IdentityPins(database), safe: recoveryKey },
    deviceFile: join(config.folders.data, 'device.sqlite'),
    onApproved: (user) => {
      const language = (): Language => settings().language;
      noteApproval({ people, outbox, clock, language, rooms: new RoomStore(database) }, user);
    },
  });

  const kubernetes = options.kubernetes ?? noCluster;
  const gauges = openGauges(options, createSamples(database));
  const alertDesk = openAlertDesk(config, database, clock);
  const shelf = new BundleShelf(join(config.folders.data, 'bundles'));
  const bundles = new BundleDesk({ shelf, clock, log, ownLog: options.ownLog ?? null });
  bundles.tidy();
  const channels = (config.notify?.channels ?? []).map(openChannel);

  const capabilities: House['capabilities'] = {
    clock,
    registry: {
      get commands() {
        return withRoles(registry.commands, overrides());
      },
      // Read at start, as what they are made of is.
      lacking: [
        ...(options.kubernetes == null ? (['cluster'] as const) : []),
        ...(config.settings.alerts === undefined ? (['alerts'] as const) : []),
        ...(channels.length === 0 ? (['notify'] as const) : []),
      ],
    },
    people,
    users,
    registrationTokens: new SynapseRegistrationTokens(adminApi),
    tokenNotes: createTokenNotes(database, masterKey),
    sealedSecrets: createSealedSecrets(database, masterKey, clock),
    audit: watchedAudit,
    errors: createErrorLog({ database, clock, log, mask: (text) => mask.apply(text) }),
    health: { snapshot: () => options.health(house).snapshot() },
    alerts: alertDesk.alertBoard,
    notify: new NotifyDesk(channels, clock),
    config: live,
    kubernetes,
    gauges,
    scales: createTemporaryScales(database),
    healing: createHealingDesk({
      memory: createHealingMemory(database),
      isOn: () => options.kubernetes != null && settings().healing.enabled,
      transaction: (work) => database.transaction(work),
    }),
    bundles,
    logs: new LogDesk(createRedaction({ mask, kubernetes, clock })),
    machine: {
      ownFiles: () => ownFilesOf(config.file, settings()),
      helmVersion: installedHelm,
    },
    botIdentity: identityDesk,
    identity: { version, botUser, serverName },
  };
  const house: House = {
    live,
    storage,
    database,
    ledger,
    outbox,
    jobs,
    audit,
    adminApi,
    adminAccess,
    recoveryKey,
    identityDesk,
    ...alertDesk,
    channels,
    watchedAudit,
    capabilities,
    dispatch: {
      registry,
      permissions: createPermissions({ overrides, people, users, botUser, serverName }),
      capabilities,
      database,
      jobs,
      confirmations: new ConfirmationStore(database),
      ledger,
      outbox,
      audit,
      storage,
      policy: () => ({
        confirmationTtlMs: settings().confirmation.ttlSeconds * 1000,
        staleAfterMs: settings().staleAfterSeconds * 1000,
        reactionsTrusted: (room) => settings().confirmation.trustReactionsIn.includes(room),
      }),
      log,
    },
    close: async () => {
      gauges.endpoints.close();
      await adminApi.close();
      database.close();
    },
  };
  return house;
}
