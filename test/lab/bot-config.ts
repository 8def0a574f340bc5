import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a bot is told about its lab. */
export interface BotConfig {
  /** The bot's own folder: config, secrets and data lie in it. */
  readonly folder: string;
  readonly homeserverUrl: string;
  readonly botUser: string;
  readonly botToken: string;
  readonly adminToken: string;
  /** Default: the same as `homeserverUrl`. */
  readonly adminUrl?: string;
  readonly httpPort: number;
  readonly people: readonly Readonly<Record<string, unknown>>[];
  /** Whole top-level settings, as they stand in the file; put over all others. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

const writeSecret = (folder: string, name: string, text: string): void => {
  writeFileSync(join(folder, name), `${text}\n`, { mode: 0o600 });
};

/**
 * Writes the bot's config file and its secret files (0600) and returns the config's path. The
 * master key is made at the first call for a folder only, as it must outlive restarts.
 *
 * The one place in the lab that knows the shape of the config (docs/design.md). JSON is YAML.
 */
export const writeBotConfig = (config: BotConfig): string => {
  const { folder } = config;
  const secrets = join(folder, 'secrets');
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  writeSecret(secrets, 'bot-token', config.botToken);
  writeSecret(secrets, 'admin-token', config.adminToken);
  const key = join(secrets, 'master-key');
  if (!existsSync(key)) writeSecret(secrets, 'master-key', randomBytes(32).toString('base64'));
  const file = join(folder, 'config.yaml');
  const settings = {
    homeserver: { url: config.homeserverUrl },
    bot: { user: config.botUser, accessToken: { file: 'secrets/bot-token' } },
    admin: {
      accessToken: { file: 'secrets/admin-token' },
      url: config.adminUrl ?? config.homeserverUrl,
    },
    key: { file: 'secrets/master-key' },
    people: config.people,
    adminRoom: 'create',
    dataDir: 'data',
    http: { host: '127.0.0.1', port: config.httpPort },
    terminal: { socketDir: 'run' },
    ...config.settings,
  };
  writeFileSync(file, JSON.stringify(settings, null, 2), { mode: 0o600 });
  return file;
};
