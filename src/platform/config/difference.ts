import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.ts';

/** What differs between two readings of a config file, by name of the setting. */
export interface ConfigDifference {
  /** Takes effect at once. */
  readonly live: readonly string[];
  /** Is only read at start. */
  readonly atStart: readonly string[];
}

/** Settings that a running bot follows; all others need a restart. */
const followed = new Set([
  'people',
  'roles',
  'language',
  'confirmation',
  'staleAfterSeconds',
  'healing',
  'log',
]);

/** Compares settings and secrets; names secrets, never shows them. */
export function differenceOf(before: Config, after: Config): ConfigDifference {
  const names = Object.keys(after.settings).filter((name) => {
    const pick = (config: Config) => new Map<string, unknown>(Object.entries(config.settings));
    return !isDeepStrictEqual(pick(before).get(name), pick(after).get(name));
  });
  const secrets = (
    [
      ['bot.accessToken', 'botToken'],
      ['admin.accessToken', 'adminToken'],
      ['key', 'masterKey'],
      ['alerts.token', 'alertsToken'],
    ] as const
  )
    .filter(
      ([, key]) => !isDeepStrictEqual(before.secrets[key]?.reveal(), after.secrets[key]?.reveal()),
    )
    .map(([name]) => name);
  const places = new Set(
    [before, after].flatMap(({ notify }) => [...(notify?.secrets.keys() ?? [])]),
  );
  const notify = [...places].filter((place) => {
    const [old, now] = [before, after].map((config) => config.notify?.secrets.get(place)?.reveal());
    return old !== now;
  });
  return {
    live: names.filter((name) => followed.has(name)),
    atStart: [...new Set([...names.filter((name) => !followed.has(name)), ...secrets, ...notify])],
  };
}
