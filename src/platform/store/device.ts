import { cryptoDeviceMigration } from './crypto-device.ts';
import type { FullDisk, Migration } from './database.ts';
import { Database } from './database.ts';
import { indexedDbMigration } from './indexed-db/migration.ts';

const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'sync position',
    sql: `
      CREATE TABLE sync_position (
        user_id TEXT PRIMARY KEY,
        position TEXT NOT NULL,
        reached_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE room_tail (
        user_id TEXT NOT NULL,
        room_id TEXT NOT NULL,
        event_id TEXT NOT NULL,
        PRIMARY KEY (user_id, room_id)
      ) STRICT;
    `,
  },
  indexedDbMigration,
  cryptoDeviceMigration,
];

/**
 * Opens the file of what belongs to the device alone and is never restored from a backup. Pressed
 * onto the disk at every commit, for the keys that the device encrypts with; the sync position uses
 * `relaxedTransaction`, as one that is lost is made good by the ledger. `fullDisk`: whoever makes room
 * where the bot goes on with a full disk; in an encrypted room nothing is read or said without a
 * write here. Throws what `Database` throws, `E_CRYPTO_STORE_CORRUPT` where it is damaged.
 */
export function openDevice(file: string, fullDisk: FullDisk | null = null): Database {
  return new Database(file, migrations, 'FULL', fullDisk, 'E_CRYPTO_STORE_CORRUPT');
}
