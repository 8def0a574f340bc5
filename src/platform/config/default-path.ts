import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Environment } from './secrets.ts';

/** Where a packaged installation keeps its config. */
export const systemConfigFile = '/etc/urtc/config.yaml';

/** The config file to use: the given one, `$URTC_CONFIG`, `./urtc.yaml`, then the system's. Absolute. */
export function configPath(given: string | null, environment: Environment, folder: string): string {
  const named = given ?? environment['URTC_CONFIG'] ?? '';
  if (named !== '') return resolve(folder, named);
  const here = resolve(folder, 'urtc.yaml');
  return existsSync(here) ? here : systemConfigFile;
}
