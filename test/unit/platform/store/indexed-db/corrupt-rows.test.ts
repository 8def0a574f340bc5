import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../../../../src/platform/store/database.ts';
import { openDevice } from '../../../../../src/platform/store/device.ts';
import { openDurableIndexedDb } from '../../../../../src/platform/store/indexed-db/durable.ts';
import { testMasterKey } from '../state-folder.ts';
import { tempFolder } from '../temp-folder.ts';
import { openDatabase, putRow } from './idb.ts';

const fail = (error: unknown): never => {
  throw error;
};

const openFilled = async (): Promise<Database> => {
  const device = openDevice(join(tempFolder(), 'device.sqlite'));
  const factory = await openDurableIndexedDb(device, testMasterKey(), fail);
  const connection = await openDatabase(factory, 'x', 1, (upgraded) => {
    upgraded.createObjectStore('s').createIndex('i', 'tag');
    upgraded.createObjectStore('t');
  });
  await putRow(connection, 's', { tag: 'same' }, 1);
  await putRow(connection, 's', { tag: 'same' }, 2);
  return device;
};

const row = z.object({ sealed: z.instanceof(Uint8Array) });
const sealedOf = (device: Database): Uint8Array =>
  device.get(row, 'SELECT sealed FROM indexed_db_row ORDER BY address')?.sealed ??
  new Uint8Array(0);

const damaged: Readonly<Record<string, string>> = {
  'a row cut off': 'UPDATE indexed_db_row SET sealed = substr(sealed, 1, 20)',
  'an empty row': "UPDATE indexed_db_row SET sealed = x''",
  'a row on the place of another': `UPDATE indexed_db_row SET sealed =
    (SELECT sealed FROM indexed_db_row ORDER BY address LIMIT 1)`,
  'a row in another store': 'UPDATE indexed_db_row SET store_id = 2',
  'rows that contradict an index': 'UPDATE indexed_db_index SET is_unique = 1',
  'a key path that is none': "UPDATE indexed_db_store SET key_path = 'tag'",
  'a key path that rows have nothing for': `UPDATE indexed_db_store SET key_path = '"none"'`,
  'a flag that is neither': 'UPDATE indexed_db_index SET is_unique = 2',
  'no version': 'UPDATE indexed_db SET version = 0',
};

describe('opening a damaged IndexedDB', () => {
  it('finds every changed byte of a row, and names the file', async () => {
    const device = await openFilled();
    const sealed = sealedOf(device);
    expect(sealed.length).toBeGreaterThan(30);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.with(at, (sealed[at] ?? 0) ^ (1 << (at % 8)));
      device.run(
        `UPDATE indexed_db_row SET sealed = :changed
         WHERE address = (SELECT min(address) FROM indexed_db_row)`,
        { changed },
      );
      await expect(openDurableIndexedDb(device, testMasterKey(), fail)).rejects.toMatchObject({
        code: 'E_CRYPTO_STORE_CORRUPT',
        params: { file: device.file },
      });
    }
    device.close();
  });

  it.each(Object.entries(damaged))('finds %s', async (_what, sql) => {
    const device = await openFilled();
    device.script(sql);
    await expect(openDurableIndexedDb(device, testMasterKey(), fail)).rejects.toMatchObject({
      code: 'E_CRYPTO_STORE_CORRUPT',
      params: { file: device.file },
    });
    device.close();
  });

  it('tells another key from damage', async () => {
    const device = await openFilled();
    await expect(openDurableIndexedDb(device, testMasterKey(2), fail)).rejects.toMatchObject({
      code: 'E_CRYPTO_STORE_KEY',
      params: { file: device.file },
    });
    await openDurableIndexedDb(device, testMasterKey(), fail);
    device.close();
  });
});
