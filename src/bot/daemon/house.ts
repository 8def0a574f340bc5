import { join } from 'node:path';
import { roleOverrides, withRoles } from '../../commands/authorise.ts';
import type { AuditAnchors, BotHealth, Capabilities } from '../../commands/capabilities.ts';
import { nameOf, type CommandIndex } from '../../commands/command-index.ts';
import type { DispatcherParts } from '../../commands/parts.ts';
import { createPermissions } from '../../commands/permissions.ts';
import { serverOf } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Mask } from '../../core/mask.ts';
import { Secret } from '../../core/secret.ts';
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
import { AlertmanagerApi } from '../../platform/alertmanager/alertmanager-api.ts';
import { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import { AlertLookups } from '../../platform/store/alert-lookups.ts';
import { AlertMessages } from '../../platform/store/alert-messages.ts';
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
import { AlertBoard } from '../../ops/alerts/alert-board.ts';
import { createHealingDesk } from '../../ops/healing/healing-desk.ts';
import { TestAlerts } from '../../ops/alerts/test-alerts.ts';
import type { Channel } from '../../ops/notify/channel.ts';
import { NotifyDesk } from '../../ops/notify/notify-desk.ts';
import { openChannel } from '../../ops/notify/open-channels.ts';
import { secretParts } from '../../ops/notify/secret-parts.ts';
import { IdentityDesk } from '../crypto/identity-desk.ts';
import type { Language } from '../../core/words/index.ts';
import { RoomStore } from '../../platform/store/rooms.ts';
import { AdminAccess } from './admin-access.ts';
import { noteApproval } from './approval-notice.ts';
import { openGauges } from './gauges.ts';
import { LiveConfig } from './live-config.ts';
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
export interface House {
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
  readonly alertIncidents: AlertIncidents;
  readonly alertBoard: AlertBoard;
  /** Ways out that need no Matrix. */
  readonly channels: readonly Channel[];
  /** Null: the config names none. */
  readonly alertmanager: AlertmanagerApi | null;
  /** All that a dispatcher needs but where rooms get their answers. */
  readonly dispatch: Omit<DispatcherParts, 'room'>;
  close(): Promise<void>;
}

/** Tells the mask every secret of the config. */
export function maskSecrets(mask: Mask, config: Config): void {
  const { botToken, adminToken, masterKey, alertsToken } = config.secrets;
  mask.register(botToken);
  mask.register(adminToken);
  if (alertsToken !== null) mask.register(alertsToken);
  for (const secret of config.notify?.secrets.values() ?? []) {
    for (const part of secretParts(secret)) mask.register(part);
  }
  mask.register(new Secret(Buffer.from(masterKey.reveal()).toString('base64')));
}

function openTestAlerts(
  { settings, secrets }: Config,
  database: Database,
  api: AlertmanagerApi | null,
  clock: Clock,
): TestAlerts {
  const { host = '', port = 0, tls } = settings.alerts?.listen ?? {};
  const token = tls === undefined ? secrets.alertsToken : null;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const intake = token === null ? null : { url, token };
  return new TestAlerts({ api, intake, lookups: new AlertLookups(database), clock });
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
  const { alerts: alertSettings } = config.settings;
  const alertIncidents = new AlertIncidents(database);
  const alertmanager =
    alertSettings?.alertmanager === undefined
      ? null
      : new AlertmanagerApi(alertSettings.alertmanager.url);
  const alertBoard = new AlertBoard({
    ...{ database, clock, isOn: alertSettings !== undefined },
    ...{ incidents: alertIncidents, messages: new AlertMessages(database), api: alertmanager },
    tests: openTestAlerts(config, database, alertmanager, clock),
    quietHours: alertSettings?.quietHours ?? null,
  });

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
    },
    people,
    users,
    registrationTokens: new SynapseRegistrationTokens(adminApi),
    tokenNotes: createTokenNotes(database, masterKey),
    sealedSecrets: createSealedSecrets(database, masterKey, clock),
    audit: watchedAudit,
    errors: createErrorLog({ database, clock, log, mask: (text) => mask.apply(text) }),
    health: { snapshot: () => options.health(house).snapshot() },
    alerts: alertBoard,
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
    alertIncidents,
    alertBoard,
    channels,
    alertmanager,
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
