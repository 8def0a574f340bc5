import type { Mask } from '../../core/mask.ts';
import { Secret } from '../../core/secret.ts';
import { secretParts } from '../../ops/notify/secret-parts.ts';
import type { Config } from '../../platform/config/config.ts';

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
