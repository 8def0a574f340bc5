import { describe, expect, it } from 'vitest';
import { KindStore } from '../../../../src/platform/kubernetes/watch/kind-store.ts';

const object = (name: string, version: number, createdAt = version) => ({
  ...{ name, uid: `uid-${name}`, resourceVersion: String(version), labels: {}, createdAt },
  deletingSince: null,
});

describe('what is kept of a kind', () => {
  it('keeps the newest of more than it may hold, and says that some are missing', () => {
    const store = new KindStore<ReturnType<typeof object>>(10);
    store.replace(
      Array.from({ length: 25 }, (_, i) => object(`o${String(i).padStart(2, '0')}`, i)),
    );
    expect(store.isIncomplete).toBe(true);
    expect(store.list().map(({ createdAt }) => createdAt)).toEqual([
      15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
    ]);
    for (let i = 25; i < 1000; i += 1) store.put(object(`o${i}`, i));
    expect(store.list().length).toBeLessThanOrEqual(10);
    expect(store.list().some(({ createdAt }) => createdAt === 999)).toBe(true);
  });

  it('tells nothing where the same version comes twice', () => {
    const store = new KindStore<ReturnType<typeof object>>(10);
    expect(store.put(object('a', 1))).toHaveLength(1);
    expect(store.put(object('a', 1))).toEqual([]);
    expect(store.replace([object('a', 1)])).toEqual([]);
    expect(store.remove({ name: 'a', uid: 'another' })).toEqual([]);
    expect(store.list()).toHaveLength(1);
  });
});
