import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { cached, type Progress } from '../cache.ts';
import { freePort } from '../ports.ts';
import { until } from '../wait.ts';
import { serverName, writeSynapseConfig } from './config.ts';
import type { Installation } from './install.ts';
import { runSynapse } from './process.ts';

/** Change this when the steps below change. */
const recipe = '1';

const openUpdates = (database: string): number => {
  const reader = new DatabaseSync(database, { timeout: 5000 });
  try {
    const row = reader.prepare('SELECT count(*) AS n FROM background_updates').get();
    return Number(row?.['n']);
  } finally {
    reader.close();
  }
};

const makeDatabase = async (python: string, target: string): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'urtc-lab-template-'));
  try {
    const port = await freePort();
    const configFile = writeSynapseConfig({
      ...{ folder, port, limits: 'off', hurryBackgroundUpdates: true },
    });
    const synapse = await runSynapse({ python, configFile, folder, clockOffsetMs: 0 });
    const database = join(folder, 'homeserver.db');
    await until(
      "Synapse's updates of a new database",
      () => (openUpdates(database) === 0 ? true : undefined),
      { timeoutMs: 120_000, everyMs: 200 },
    );
    synapse.signal('SIGTERM');
    await synapse.ended;
    const whole = new DatabaseSync(database);
    whole.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    whole.close();
    copyFileSync(database, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * The path of an empty, completely migrated database of the lab's home server. Starting from a
 * copy of it spares each first start the making of some 180 tables and the background updates
 * that would run into the tests.
 */
export const databaseTemplate = async (
  { python, key }: Installation,
  progress?: Progress,
): Promise<string> => {
  const folder = await cached({
    name: 'synapse-database',
    madeOf: [recipe, serverName, key],
    progress,
    build: async (unfinished) => {
      progress?.('Synapse: making an empty database (once per machine)');
      await makeDatabase(python, join(unfinished, 'homeserver.db'));
    },
  });
  return join(folder, 'homeserver.db');
};
