import { existsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../../src/core/errors.ts';
import { Database, type Migration } from '../../../../src/platform/store/database.ts';
import { acquireLock } from '../../../../src/platform/store/lock.ts';
import { StorageGuard, type StorageState } from '../../../../src/platform/store/storage-guard.ts';
import { canMount, mountedDisk, pageLimitedDisk, type SmallDisk } from './small-disk.ts';
import { tempFolder } from './temp-folder.ts';

const MiB = 1024 * 1024;
const ballastBytes = 4 * MiB;
const notes: Migration = {
  version: 1,
  name: 'notes',
  sql: 'CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT',
};
const countRow = z.object({ count: z.int() });
const count = (database: Database): number =>
  database.get(countRow, 'SELECT count(*) AS count FROM note')?.count ?? -1;
const body = 'x'.repeat(4000);
const write = (database: Database): void =>
  database.transaction(() => void database.run('INSERT INTO note (body) VALUES (:body)', { body }));

/** Writes until `until` holds; returns how many rows were committed. */
function writeUntil(database: Database, until: () => boolean): number {
  for (let written = 0; written < 5000; written += 1) {
    if (until()) return written;
    write(database);
  }
  throw new Error('the disk never got full');
}

interface Store {
  readonly database: Database;
  readonly guard: StorageGuard;
  readonly heard: StorageState[];
}

function open(disk: SmallDisk): Store {
  const heard: StorageState[] = [];
  let database: Database | null = null;
  const guard = new StorageGuard(disk.folder, {
    ballastBytes,
    onChange: (state, cause) => {
      expect(cause.code).toBe('E_STORE_FULL');
      heard.push(state);
      if (state === 'reserve' && database !== null) disk.ballastFreed(database);
    },
  });
  database = new Database(join(disk.folder, 'a.sqlite'), [notes], 'FULL', guard);
  return { database, guard, heard };
}

function fail(work: () => void): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it went through');
}

const disks: [string, () => SmallDisk][] = [['PRAGMA max_page_count', pageLimitedDisk]];
if (canMount()) disks.push(['a full tmpfs of 16 MiB', () => mountedDisk(16)]);
console.log(
  `full disk tried on: ${disks.map(([name]) => name).join(' and ')}` +
    (canMount() ? '' : ' (no root: the starts on a full disk are not tried)'),
);

describe.each(disks)('[#40] a full disk (%s)', (_name, makeDisk) => {
  it('refuses changes, goes on with answers on the reserve, then asks for the end', () => {
    const disk = makeDisk();
    const { database, guard, heard } = open(disk);
    write(database);
    guard.assertWritable();
    expect(guard.usage().writable).toBe(true);
    expect(guard.usage().bytes).toBeGreaterThan(ballastBytes);
    disk.fill(database);

    let rows = 1 + writeUntil(database, () => guard.state !== 'open');
    expect(heard).toEqual(['reserve']);
    expect(existsSync(join(disk.folder, 'ballast'))).toBe(false);
    expect(fail(() => guard.assertWritable()).code).toBe('E_STORE_FULL');
    expect(guard.usage().writable).toBe(false);

    // The write that found the disk full went through on the reserve, and others do.
    expect(count(database)).toBe(rows);
    for (let answer = 0; answer < 50; answer += 1) write(database);
    rows += 50;
    expect(count(database)).toBe(rows);
    expect(heard).toEqual(['reserve']);

    disk.fill(database);
    const end = fail(() => (rows += writeUntil(database, () => guard.state === 'exhausted')));
    expect(end.code).toBe('E_STORE_FULL');
    expect(fail(() => write(database)).code).toBe('E_STORE_FULL');
    expect(heard).toEqual(['reserve', 'exhausted']);
    const committed = count(database);
    expect(committed).toBeGreaterThanOrEqual(rows);
    database.close();

    disk.empty();
    const again = open(disk);
    expect(count(again.database)).toBe(committed);
    expect(again.guard.state).toBe('open');
    expect(statSync(join(disk.folder, 'ballast')).size).toBe(ballastBytes);
    again.guard.assertWritable();
    write(again.database);
    again.database.close();
  });

  it('hears of it also where the failure was wrapped or swallowed inside the transaction', () => {
    for (const rethrow of [true, false]) {
      const disk = makeDisk();
      const { database, guard } = open(disk);
      disk.fill(database);
      let runs = 0;
      const big = 'x'.repeat(MiB);
      database.transaction(() => {
        runs += 1;
        try {
          database.run('INSERT INTO note (body) VALUES (:big)', { big: big.repeat(5 - runs * 2) });
        } catch (cause) {
          if (rethrow) throw new AppError('E_AUDIT_UNWRITABLE', {}, cause);
        }
      });
      expect([runs, count(database)]).toEqual([2, 1]);
      expect(guard.state).toBe('reserve');
      database.close();
    }
  });
});

describe('[#40] a full disk (PRAGMA max_page_count)', () => {
  it('is heard of where only one statement was undone and the rest committed', () => {
    const disk = pageLimitedDisk();
    const { database, guard } = open(disk);
    disk.fill(database);
    database.transaction(() => {
      expect(
        fail(() =>
          database.run(
            `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
             INSERT INTO note (body) SELECT :body FROM n`,
            { body },
          ),
        ).code,
      ).toBe('E_STORE_FULL');
      database.run(`INSERT INTO note (body) VALUES ('small')`);
    });
    expect([guard.state, count(database)]).toEqual(['reserve', 1]);
    database.close();
  });

  it('is the end where one write is larger than the reserve', () => {
    const disk = pageLimitedDisk();
    const { database, heard } = open(disk);
    disk.fill(database);
    const huge = body.repeat(1000);
    const end = fail(() => database.run('INSERT INTO note (body) VALUES (:huge)', { huge }));
    expect([end.code, ...heard]).toEqual(['E_STORE_FULL', 'reserve', 'exhausted']);
    database.close();
  });
});

describe.runIf(canMount())('[#40] a start on a full disk (tmpfs)', () => {
  it('gives the ballast back to open the files, and can take the lock', async () => {
    const disk = mountedDisk(16);
    const lock = await acquireLock(disk.folder);
    lock.release();
    const first = open(disk);
    write(first.database);
    first.database.close();
    disk.fill(first.database);
    const held = await acquireLock(disk.folder);
    const { database, guard, heard } = open(disk);
    expect(guard.state).toBe('reserve');
    expect(heard).toEqual(['reserve']);
    expect(count(database)).toBe(1);
    write(database);
    database.close();
    held.release();
  });

  it('without a ballast it starts with changes refused where it is nearly full', () => {
    const disk = mountedDisk(5);
    const { database, guard, heard } = open(disk);
    expect(guard.state).toBe('reserve');
    expect(heard).toEqual([]);
    write(database);
    expect(count(database)).toBe(1);
    database.close();
  });

  it('with neither ballast nor space says E_STORE_FULL', () => {
    const disk = mountedDisk(1);
    writeFileSync(join(disk.folder, 'a.sqlite'), '');
    disk.fill(null);
    expect(fail(() => void open(disk)).code).toBe('E_STORE_FULL');
  });
});

describe('the ballast', () => {
  it('takes its size on the disk for real, is not rewritten, and is 0600', () => {
    const folder = tempFolder();
    const file = join(folder, 'ballast');
    new StorageGuard(folder, { ballastBytes });
    const first = statSync(file);
    expect(first.blocks * 512).toBeGreaterThanOrEqual(ballastBytes);
    expect(first.mode & 0o777).toBe(0o600);
    new StorageGuard(folder, { ballastBytes });
    expect(statSync(file).ino).toBe(first.ino);
  });

  it.each([
    ['sparse', (file: string) => truncateSync(file, 0), ballastBytes],
    ['cut off', (file: string) => truncateSync(file, MiB), MiB],
  ])('is made again where it is %s', (_name, spoil, size) => {
    const folder = tempFolder();
    const file = join(folder, 'ballast');
    new StorageGuard(folder, { ballastBytes });
    spoil(file);
    truncateSync(file, size);
    writeFileSync(`${file}.new`, 'left over by a crash');
    new StorageGuard(folder, { ballastBytes });
    expect(statSync(file).blocks * 512).toBeGreaterThanOrEqual(ballastBytes);
    expect(existsSync(`${file}.new`)).toBe(false);
  });
});
