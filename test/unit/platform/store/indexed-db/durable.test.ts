import { join } from 'node:path';
import * as fc from 'fast-check';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../../src/platform/store/device.ts';
import { openDurableIndexedDb } from '../../../../../src/platform/store/indexed-db/durable.ts';
import { soakCount } from '../../../../lab/count.ts';
import { testMasterKey } from '../state-folder.ts';
import { tempFolder } from '../temp-folder.ts';
import { contentOf, endOf, openDatabase } from './idb.ts';
import { carryOut, steps } from './random-use.ts';

const fail = (error: unknown): never => {
  throw error;
};

describe('an IndexedDB that survives', () => {
  it('soak: after any use, restarts in between, holds what one in memory holds', async () => {
    const folder = tempFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        run += 1;
        const file = join(folder, `${run}.sqlite`);
        let onLost: (error: unknown) => void = fail;
        const lost = new Promise<never>((_resolve, reject) => {
          onLost = (error) => reject(error instanceof Error ? error : new Error(String(error)));
        });
        let device = openDevice(file);
        let durable = await openDurableIndexedDb(device, testMasterKey(), onLost);
        const plain = new IDBFactory();
        for (const step of [...story, { kind: 'restart' as const }]) {
          if (step.kind === 'restart') {
            device.close();
            device = openDevice(file);
            durable = await openDurableIndexedDb(device, testMasterKey(), onLost);
            expect(await contentOf(durable)).toEqual(await contentOf(plain));
          } else {
            const outcome = await Promise.race([lost, carryOut(durable, step)]);
            expect(outcome).toBe(await carryOut(plain, step));
          }
        }
        device.close();
      }),
      { numRuns: soakCount(500, 'stories of an IndexedDB') },
    );
  }, 600_000);

  it('refuses what it could not write: row numbers of its own, new names', async () => {
    const device = openDevice(join(tempFolder(), 'device.sqlite'));
    const factory = await openDurableIndexedDb(device, testMasterKey(), fail);
    const refused: unknown = expect.objectContaining({ name: 'NotSupportedError' });
    const connection = await openDatabase(factory, 'x', 1, (upgraded) => {
      expect(() => upgraded.createObjectStore('n', { autoIncrement: true })).toThrow(refused);
      const store = upgraded.createObjectStore('s');
      const index = store.createIndex('i', 'tag');
      expect(() => Object.assign(store, { name: 'other' })).toThrow(refused);
      expect(() => Object.assign(index, { name: 'other' })).toThrow(refused);
      expect(() => Object.assign(store.index('i'), { name: 'other' })).toThrow(refused);
    });
    expect([...connection.objectStoreNames]).toEqual(['s']);
    device.close();
  });

  it('keeps what a deleted database still writes out of the next one of that name', async () => {
    const device = openDevice(join(tempFolder(), 'device.sqlite'));
    const lost: unknown[] = [];
    const factory = await openDurableIndexedDb(device, testMasterKey(), (error) =>
      lost.push(error),
    );
    const connection = await openDatabase(factory, 'x', 1, (each) => each.createObjectStore('s'));
    const transaction = connection.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    // The old connection is closed, and counts as closed, while its transaction still writes.
    let left = 200;
    const more = (): void => {
      left -= 1;
      const request = store.put('old', left);
      if (left > 0) request.addEventListener('success', more);
    };
    more();
    connection.close();
    factory.deleteDatabase('x');
    const next = await openDatabase(factory, 'x', 1, (each) => each.createObjectStore('s'));
    next.close();
    expect(left).toBeGreaterThan(0);
    await Promise.race([endOf(transaction), expect.poll(() => lost.length).toBe(1)]);
    const later = await openDurableIndexedDb(device, testMasterKey(), fail);
    expect((await contentOf(later))[0]?.stores[0]?.keys).toEqual([]);
    device.close();
  });
});
