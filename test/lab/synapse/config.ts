import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name of every home server of the lab. */
export const serverName = 'lab.test';

/** Lets the lab register accounts. Nothing outside the lab ever uses it. */
export const registrationSecret = 'lab-registration-secret';

/**
 * `off`: no rate limit at all. `default`: messages are limited as Synapse does by itself
 * (rc_message 0.2/s, burst 10); what a test needs to set itself up is not.
 */
export type Limits = 'off' | 'default';

/** Where a home server runs and what it allows. */
export interface ConfigOptions {
  readonly folder: string;
  readonly port: number;
  readonly limits: Limits;
  /** Set where a database is made anew, to have it finished at once. */
  readonly hurryBackgroundUpdates?: boolean;
}

const unlimited = { per_second: 1000, burst_count: 1000 };

const setUpLimits = {
  rc_registration: unlimited,
  rc_registration_token_validity: unlimited,
  rc_login: { address: unlimited, account: unlimited, failed_attempts: unlimited },
  rc_joins: { local: unlimited, remote: unlimited },
  rc_joins_per_room: unlimited,
  rc_invites: { per_room: unlimited, per_user: unlimited, per_issuer: unlimited },
  rc_third_party_invite: unlimited,
  rc_3pid_validation: unlimited,
  rc_room_creation: unlimited,
};

const allLimits = {
  ...setUpLimits,
  rc_message: unlimited,
  rc_admin_redaction: unlimited,
  rc_media_create: unlimited,
  rc_presence: { per_user: unlimited },
  rc_delayed_event_mgmt: unlimited,
  rc_reports: unlimited,
  rc_user_directory: unlimited,
  rc_profile: unlimited,
};

/** A fixed key: nobody but the lab ever checks its signatures. */
const signingKey = 'ed25519 a_lab bGFiLXRlc3Qtc2lnbmluZy1rZXktbm90LWEtc2VjcmV';

const logging = (folder: string) => ({
  version: 1,
  disable_existing_loggers: false,
  formatters: { line: { format: '%(asctime)s %(levelname)s %(name)s %(message)s' } },
  handlers: {
    file: {
      class: 'logging.FileHandler',
      formatter: 'line',
      filename: join(folder, 'homeserver.log'),
    },
  },
  // What goes well is a fifteenth of its work to write down.
  root: { level: 'WARNING', handlers: ['file'] },
});

const homeserver = ({ folder, port, limits, hurryBackgroundUpdates = false }: ConfigOptions) => ({
  server_name: serverName,
  report_stats: false,
  signing_key_path: join(folder, 'signing.key'),
  media_store_path: join(folder, 'media'),
  log_config: join(folder, 'logging.json'),
  listeners: [
    {
      port,
      bind_addresses: ['127.0.0.1'],
      type: 'http',
      // As a server that other home servers may ask: its version and its keys.
      resources: [{ names: ['client', 'federation'], compress: false }],
    },
  ],
  database: { name: 'sqlite3', args: { database: join(folder, 'homeserver.db') } },
  // Nothing leaves the machine: no server to federate with, no key server to ask.
  federation_domain_whitelist: [],
  trusted_key_servers: [],
  suppress_key_server_warning: true,
  registration_shared_secret: registrationSecret,
  enable_registration: true,
  registration_requires_token: true,
  macaroon_secret_key: 'lab-macaroon-secret',
  form_secret: 'lab-form-secret',
  presence: { enabled: false },
  url_preview_enabled: false,
  // Both are brought up to date after every event, for searches and lists of rooms that nobody asks for.
  update_user_directory_from_worker: 'nobody',
  stats: { enabled: hurryBackgroundUpdates },
  // Test passwords need no protection, and the slowness of bcrypt costs 0.2 s each.
  bcrypt_rounds: 4,
  background_updates: hurryBackgroundUpdates
    ? { background_update_duration_ms: 1000, sleep_enabled: false, min_batch_size: 1000 }
    : {},
  ...(limits === 'off' ? allLimits : setUpLimits),
});

/**
 * Writes all that Synapse reads before it starts into `options.folder` and returns the path of
 * its config file. Written by us instead of `--generate-config`, which would cost a start of
 * Synapse. JSON is YAML.
 */
export const writeSynapseConfig = (options: ConfigOptions): string => {
  const { folder } = options;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'signing.key'), `${signingKey}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'logging.json'), JSON.stringify(logging(folder)));
  const file = join(folder, 'homeserver.yaml');
  writeFileSync(file, JSON.stringify(homeserver(options), null, 2));
  return file;
};
