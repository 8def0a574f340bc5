import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';
import { say } from '../../core/text.ts';
import type { Environment } from './secrets.ts';

/** Where a packaged installation keeps its config. */
export const systemConfigFile = '/etc/urtc/config.yaml';

/**
 * The config file to use: the given one, `$URTC_CONFIG`, `./urtc.yaml`, then the system's. Absolute.
 *
 * `./urtc.yaml` is used without having been named. In a folder like /tmp anybody could have put it
 * there, for root to run into: so it must belong to the caller (behind sudo also to whoever called
 * sudo) or to root. Throws `E_CONFIG_UNTRUSTED` where it does not.
 */
export function configPath(given: string | null, environment: Environment, folder: string): string {
  const named = given ?? environment['URTC_CONFIG'] ?? '';
  if (named !== '') return resolve(folder, named);
  const here = resolve(folder, 'urtc.yaml');
  const found = statSync(here, { throwIfNoEntry: false });
  if (found === undefined) return systemConfigFile;
  const trusted = [0, process.getuid?.() ?? found.uid, Number(environment['SUDO_UID'] ?? '0')];
  if (trusted.includes(found.uid)) return here;
  const advice = say('config.foreign.next', { option: `--config ${shellWord(here)}` });
  throw new AppError('E_CONFIG_UNTRUSTED', { file: here, advice, reason: say('config.foreign') });
}
