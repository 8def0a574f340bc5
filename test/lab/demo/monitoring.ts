import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertmanagerPrograms } from '../alerts/alertmanager-program.ts';
import { Alertmanager } from '../alerts/alertmanager.ts';
import type { Progress } from '../cache.ts';
import { freePort } from '../ports.ts';

/** Who tells the bot of alerts. */
export interface Monitoring {
  readonly alertmanager: Alertmanager;
  /** The bot's setting `alerts` for it. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Starts a real Alertmanager that posts to the bot, and writes the bearer for it into the bot's folder.
 * `folder`: of this run.
 */
export const startMonitoring = async (
  folder: string,
  progress: Progress,
  cleanUp: AsyncDisposableStack,
): Promise<Monitoring> => {
  await alertmanagerPrograms(progress);
  progress('Alertmanager: starting');
  const token = randomBytes(24).toString('base64url');
  const secrets = join(folder, 'bot/secrets');
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  writeFileSync(join(secrets, 'alerts-token'), token, { mode: 0o600 });
  const port = await freePort();
  const alertmanager = await Alertmanager.start({
    ...{ folder: join(folder, 'alertmanager'), token },
    webhook: `http://127.0.0.1:${port}/alerts/alertmanager`,
  });
  cleanUp.defer(() => alertmanager.kill());
  return {
    alertmanager,
    settings: {
      token: { file: 'secrets/alerts-token' },
      listen: { port },
      // It has known everything from its first second on.
      alertmanager: { url: alertmanager.url, trustAfterSeconds: 0 },
    },
  };
};
