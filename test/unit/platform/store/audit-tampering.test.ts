import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditChain } from '../../../../src/platform/store/audit-chain.ts';
import type { AuditVerdict } from '../../../../src/platform/store/audit-entry.ts';
import { authenticate } from '../../../../src/platform/store/master-key.ts';
import { openState } from '../../../../src/platform/store/state.ts';
import { changed, draft, forge, type Row, rowsOf, setUp } from './audit-fixture.ts';
import { testMasterKey } from './state-folder.ts';
import { propertyRuns } from '../../property-runs.ts';

describe('what is done to the audit chain behind our back', () => {
  const forgeries: [string, (rows: readonly Row[]) => Row[], AuditVerdict][] = [
    [
      'a flipped entry',
      (rows) =>
        rows.map((row) =>
          row.sequence === 3 ? { ...row, entry: changed(row, { actor: '@eve:example.org' }) } : row,
        ),
      { state: 'broken', sequence: 3, why: 'hash' },
    ],
    [
      'a flipped bit of a hash',
      (rows) =>
        rows.map((row) =>
          row.sequence === 3
            ? { ...row, hash: row.hash.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) }
            : row,
        ),
      { state: 'broken', sequence: 3, why: 'hash' },
    ],
    [
      'a dropped line',
      (rows) => rows.filter((row) => row.sequence !== 3),
      { state: 'broken', sequence: 3, why: 'gap' },
    ],
    ['a dropped first line', (rows) => rows.slice(1), { state: 'broken', sequence: 1, why: 'gap' }],
    [
      'a dropped line with the rest moved up',
      (rows) =>
        rows
          .filter((row) => row.sequence !== 3)
          .map((row, index) => ({ ...row, sequence: index + 1 })),
      { state: 'broken', sequence: 3, why: 'order' },
    ],
    [
      'a dropped line with the rest moved up and renumbered inside',
      (rows) =>
        rows
          .filter((row) => row.sequence !== 3)
          .map((row, index) => ({
            ...row,
            sequence: index + 1,
            entry: changed(row, { sequence: index + 1 }),
          })),
      { state: 'broken', sequence: 3, why: 'hash' },
    ],
    [
      'two lines in each other’s place',
      (rows) => {
        const at = (sequence: number): number =>
          sequence === 2 ? 4 : sequence === 4 ? 2 : sequence;
        return rows.map((row) => ({ ...row, sequence: at(row.sequence) }));
      },
      { state: 'broken', sequence: 2, why: 'order' },
    ],
    [
      'a line that is no entry',
      (rows) => rows.map((row) => (row.sequence === 5 ? { ...row, entry: '{}' } : row)),
      { state: 'broken', sequence: 5, why: 'hash' },
    ],
    ['a cut tail', (rows) => rows.slice(0, 4), { state: 'cut', entries: 4, anchored: 5 }],
    ['everything removed', () => [], { state: 'cut', entries: 0, anchored: 5 }],
  ];

  it.each(forgeries)('%s is found', async (_name, forgery, verdict) => {
    const { database, chain } = setUp(5);
    const anchor = chain.head();
    forge(database, forgery(rowsOf(database)));
    expect(await chain.verify([anchor])).toEqual(verdict);
    database.close();
  });

  it('a cut tail that was written over with other lines is found by the anchor', async () => {
    const { database, chain } = setUp(5);
    const anchor = chain.head();
    forge(database, rowsOf(database).slice(0, 4));
    chain.append({ ...draft, line: 'user add mallory' });
    expect(chain.head().count).toBe(anchor.count);
    expect(await chain.verify([])).toMatchObject({ state: 'intact' });
    const verdict = { state: 'broken', sequence: 5, why: 'hash' };
    expect(await chain.verify([anchor])).toEqual(verdict);
    chain.append(draft);
    expect(await chain.verify([anchor])).toEqual(verdict);
    // The newest anchor may have been made after the deed: the older one still tells.
    expect(await chain.verify([anchor, chain.head()])).toEqual(verdict);
    expect(await chain.verify([chain.head(), { count: 6, hash: 'f'.repeat(64) }])).toMatchObject({
      state: 'broken',
      sequence: 6,
    });
    database.close();
  });

  it('a chain computed again with another key is found', async () => {
    const { database, chain } = setUp(5);
    const key = testMasterKey(2).derive('audit');
    let previous: Uint8Array = new Uint8Array(32);
    const rows = rowsOf(database).map((row) => {
      const entry = changed(row, { actor: '@eve:example.org' });
      previous = authenticate(key, previous, entry);
      return { ...row, entry, hash: previous };
    });
    forge(database, rows);
    expect(await chain.verify([])).toEqual({ state: 'broken', sequence: 1, why: 'hash' });
    database.close();
  });

  it('an older copy of the whole file is found, also after new lines were added to it', async () => {
    const { folder, database, chain } = setUp(3);
    const file = join(folder, 'state.sqlite');
    database.run('PRAGMA wal_checkpoint(TRUNCATE)');
    copyFileSync(file, `${file}.old`);
    chain.append(draft);
    chain.append(draft);
    const anchor = chain.head();
    database.close();
    copyFileSync(`${file}.old`, file);

    const restored = openState(folder);
    const after = new AuditChain(restored, testMasterKey());
    expect(await after.verify([anchor])).toEqual({ state: 'cut', entries: 3, anchored: 5 });
    for (let index = 0; index < 3; index += 1) after.append({ ...draft, at: draft.at + 1 });
    expect(await after.verify([anchor])).toEqual({ state: 'broken', sequence: 5, why: 'hash' });
    restored.close();
  });

  it('any change of any line, any missing line and any other order is found', async () => {
    const { database, chain } = setUp(8);
    const anchor = chain.head();
    const original = rowsOf(database);
    const place = fc.nat({ max: original.length - 1 });
    const forgery = fc.oneof(
      fc.record({
        kind: fc.constant('flip' as const),
        at: place,
        by: fc.integer({ min: 1, max: 255 }),
        byte: fc.nat(),
      }),
      fc.record({ kind: fc.constant('drop' as const), at: place }),
      fc.record({ kind: fc.constant('swap' as const), at: place, with: place }),
      fc.record({ kind: fc.constant('cut' as const), at: place }),
    );
    await fc.assert(
      fc.asyncProperty(forgery, async (how) => {
        const rows = [...original];
        const row = rows[how.at];
        if (row === undefined) return;
        switch (how.kind) {
          case 'flip': {
            const hash = Uint8Array.from(row.hash);
            hash[how.byte % 32] = (hash[how.byte % 32] ?? 0) ^ how.by;
            rows[how.at] = { ...row, hash };
            break;
          }
          case 'drop':
            rows.splice(how.at, 1);
            break;
          case 'swap': {
            const other = rows[how.with];
            if (other === undefined || other === row) return;
            rows[how.at] = { ...other, sequence: row.sequence };
            rows[how.with] = { ...row, sequence: other.sequence };
            break;
          }
          case 'cut':
            rows.length = how.at;
            break;
        }
        forge(database, rows);
        expect((await chain.verify([anchor])).state).not.toBe('intact');
      }),
      { numRuns: propertyRuns(200) },
    );
    forge(database, original);
    expect((await chain.verify([anchor])).state).toBe('intact');
    database.close();
  });
});
