import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs that the chart's containers have and this machine need not; tests stand in for them. */
const names = [
  ...['psql', 'pg_dump', 'pg_dumpall', 'pg_restore', 'pg_isready', 'mas-cli', 'curl'],
  ...['register_new_matrix_user', 'synctl', 'livekit-server', 'redis-cli', 'valkey-cli'],
];

/** What a program says that no test has written for its pod. */
const otherwise = 'echo "$0: nothing stands in for this program here" >&2; exit 127';

/** Where kwok's PATH begins. */
export const shimsIn = (folder: string): string => join(folder, 'shims');

/**
 * Makes the folder that comes first in kwok's PATH. kwok looks a command up there whatever pod it
 * is for, so what lies there asks `URTC_LAB_PROGRAMS`, the folder of the pod at hand.
 */
export const makeShims = (folder: string): string => {
  const shims = shimsIn(folder);
  mkdirSync(shims, { recursive: true });
  for (const name of names) writeShim(shims, name);
  return shims;
};

/** Adds a program that can be stood in for. */
export const writeShim = (shims: string, name: string): void => {
  const file = join(shims, name);
  writeFileSync(
    file,
    [
      '#!/bin/sh',
      `if [ -x "$URTC_LAB_PROGRAMS/${name}" ]; then exec "$URTC_LAB_PROGRAMS/${name}" "$@"; fi`,
      otherwise,
      '',
    ].join('\n'),
  );
  chmodSync(file, 0o755);
};
