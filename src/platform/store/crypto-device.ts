import { z } from 'zod';
import { parseUserId, type UserId } from '../../core/ids.ts';
import type { Database } from './database.ts';
import type { Migration } from './migrate.ts';

/** Whose keys the file of the device holds. */
export const cryptoDeviceMigration: Migration = {
  version: 21,
  name: 'crypto device',
  sql: `
    CREATE TABLE crypto_device (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      user_id TEXT NOT NULL,
      device_id TEXT NOT NULL,
      -- NULL: its keys were not made yet.
      fingerprint TEXT
    ) STRICT;
  `,
};

/** The device that the keys of a store belong to. */
export interface CryptoDevice {
  readonly user: UserId;
  readonly deviceId: string;
  /** Public ed25519 key, unpadded base64. */
  readonly fingerprint: string | null;
}

const row = z
  .object({
    user_id: z.string().transform(parseUserId),
    device_id: z.string(),
    fingerprint: z.string().nullable(),
  })
  .transform((found): CryptoDevice => ({
    user: found.user_id,
    deviceId: found.device_id,
    fingerprint: found.fingerprint,
  }));

/** Null: the store has never had keys. */
export function readCryptoDevice(database: Database): CryptoDevice | null {
  return database.get(row, 'SELECT user_id, device_id, fingerprint FROM crypto_device', {});
}

/** Notes whose keys the store holds from now on, or their fingerprint once there is one. */
export function writeCryptoDevice(database: Database, device: CryptoDevice): void {
  const { user, deviceId, fingerprint } = device;
  database.run(
    `INSERT INTO crypto_device (id, user_id, device_id, fingerprint)
     VALUES (1, :user, :deviceId, :fingerprint)
     ON CONFLICT (id) DO UPDATE
     SET user_id = :user, device_id = :deviceId, fingerprint = :fingerprint`,
    { user, deviceId, fingerprint },
  );
}
