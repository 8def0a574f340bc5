import { join } from 'node:path';
import type { IDBDatabase, IDBEvent, IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../../src/core/errors.ts';
import type { Database } from '../../../../../src/platform/store/database.ts';
import { openDevice } from '../../../../../src/platform/store/device.ts';
import { openDurableIndexedDb } from '../../../../../src/platform/store/indexed-db/durable.ts';
import { canMount, mountedDisk, pageLimitedDisk } from '../small-disk.ts';
import { testMasterKey } from '../state-folder.ts';
import { tempFolder } from '../temp-folder.ts';
import { contentOf, openDatabase, putRow } from './idb.ts';

interface Opened {
  readonly device: Database;
  readonly factory: IDBFactory;
  readonly connection: IDBDatabase;
  /** What `onLost` and the listeners were told, in order. */
  readonly heard: unknown[];
}

const open = async (folder: string): Promise<Opened> => {
  const device = openDevice(join(folder, 'device.sqlite'));
  const heard: unknown[] = [];
  const factory = await openDurableIndexedDb(device, testMasterKey(), (error) => heard.push(error));
  const connection = await openDatabase(factory, 'x', 1, (upgraded) => {
    upgraded.createObjectStore('s');
    upgraded.createObjectStore('t');
  });
  expect(await putRow(connection, 's', 'kept', 1)).toBe('complete');
  return { device, factory, connection, heard };
};

const breakTable = (device: Database, table: string, event: 'INSERT' | 'DELETE'): void =>
  device.script(
    `CREATE TRIGGER broken BEFORE ${event} ON ${table} BEGIN SELECT RAISE(FAIL, 'broken'); END`,
  );

/** Lets everything that waits to run do so, often enough for whatever could still be said. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 100; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const untilLost = async (heard: readonly unknown[]): Promise<void> => {
  await expect.poll(() => heard.length, { interval: 5, timeout: 5000 }).toBeGreaterThan(0);
  await settle();
};

const broken: unknown = expect.objectContaining({ message: 'broken' });
const kept = [1];
const keysAfterRestart = async (device: Database): Promise<readonly unknown[] | undefined> => {
  device.script('DROP TRIGGER IF EXISTS broken');
  const factory = await openDurableIndexedDb(device, testMasterKey(), (error) => {
    throw error;
  });
  return (await contentOf(factory))[0]?.stores[0]?.keys;
};

describe('a write that fails', () => {
  it('is never reported as complete; later ones and those that run then neither', async () => {
    const { device, factory, connection, heard } = await open(tempFolder());
    breakTable(device, 'indexed_db_row', 'INSERT');
    const tell = ({ type }: IDBEvent): void => void heard.push(type);
    const failing = connection.transaction('s', 'readwrite');
    const running = connection.transaction('t', 'readwrite');
    const reading = connection.transaction('t');
    for (const transaction of [failing, running, reading]) {
      transaction.addEventListener('complete', tell);
      transaction.addEventListener('abort', tell);
      transaction.oncomplete = tell;
    }
    failing.objectStore('s').put('lost', 2);
    // Still at work when the other one fails.
    const store = running.objectStore('t');
    let left = 20;
    const more = (): void => {
      left -= 1;
      if (left > 0) store.get(1).addEventListener('success', more);
      else store.clear();
    };
    more();
    reading.objectStore('t').get(1);
    await untilLost(heard);
    expect(left).toBe(0);
    expect(heard).toEqual([broken]);
    const refused: unknown = expect.objectContaining({ name: 'UnknownError' });
    expect(() => connection.transaction('t')).toThrow(refused);
    expect(() => factory.open('y')).toThrow(refused);
    expect(() => factory.deleteDatabase('x')).toThrow(refused);
    expect(await keysAfterRestart(device)).toEqual(kept);
    device.close();
  });

  it('of a version change is never reported as opened', async () => {
    const { device, factory, connection, heard } = await open(tempFolder());
    breakTable(device, 'indexed_db_store', 'INSERT');
    connection.close();
    const request = factory.open('x', 2);
    request.addEventListener('upgradeneeded', () => void request.result.createObjectStore('u'));
    request.addEventListener('success', ({ type }) => void heard.push(type));
    await untilLost(heard);
    expect(heard).toEqual([broken]);
    expect(await keysAfterRestart(device)).toEqual(kept);
    device.close();
  });

  it('of a database that is deleted is never reported as deleted', async () => {
    const { device, factory, connection, heard } = await open(tempFolder());
    breakTable(device, 'indexed_db', 'DELETE');
    connection.close();
    const request = factory.deleteDatabase('x');
    request.addEventListener('success', ({ type }) => void heard.push(type));
    await untilLost(heard);
    expect(heard).toEqual([broken]);
    expect(await keysAfterRestart(device)).toEqual(kept);
    device.close();
  });

  it('for want of space is tried again where somebody makes room', async () => {
    const disk = canMount() ? mountedDisk(8) : pageLimitedDisk();
    let full = 0;
    const device: Database = openDevice(join(disk.folder, 'device.sqlite'), {
      noteFull: () => {
        full += 1;
        disk.empty();
        disk.ballastFreed(device);
        return true;
      },
    });
    const heard: unknown[] = [];
    const tell = (error: unknown): void => void heard.push(error);
    const factory = await openDurableIndexedDb(device, testMasterKey(), tell);
    const connection = await openDatabase(factory, 'x', 1, (upgraded) => {
      upgraded.createObjectStore('s');
    });
    disk.fill(device);
    for (let key = 1; full === 0 && key < 500; key += 1) {
      expect(await putRow(connection, 's', 'x'.repeat(20_000), key)).toBe('complete');
    }
    expect([full, heard]).toEqual([1, []]);
    device.close();
  });

  it('for want of space is E_STORE_FULL, and what was complete is there afterwards', async () => {
    const disk = canMount() ? mountedDisk(8) : pageLimitedDisk();
    const { device, connection, heard } = await open(disk.folder);
    disk.fill(device);
    let complete = 0;
    for (let key = 2; heard.length === 0 && key < 500; key += 1) {
      const transaction = connection.transaction('s', 'readwrite');
      transaction.objectStore('s').put('x'.repeat(20_000), key);
      transaction.addEventListener('complete', () => (complete += 1));
      const before = complete;
      await expect
        .poll(() => complete > before || heard.length > 0, { interval: 1, timeout: 5000 })
        .toBe(true);
    }
    await settle();
    expect(heard).toHaveLength(1);
    expect(heard[0]).toBeInstanceOf(AppError);
    expect(heard[0]).toMatchObject({ code: 'E_STORE_FULL' });
    device.close();
    disk.empty();
    const again = openDevice(join(disk.folder, 'device.sqlite'));
    expect(await keysAfterRestart(again)).toHaveLength(1 + complete);
    again.close();
  });
});
