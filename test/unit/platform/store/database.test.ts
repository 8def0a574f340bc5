import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Database, type Migration } from '../../../../src/platform/store/database.ts';
import { tempFolder } from './temp-folder.ts';

const notes: Migration = {
  version: 5,
  name: 'notes',
  sql: 'CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT',
};
const colours: Migration = {
  version: 2,
  name: 'colours',
  sql: 'CREATE TABLE colour (id INTEGER PRIMARY KEY) STRICT',
};
const bodyRow = z.object({ body: z.string() });

function bodies(database: Database): string[] {
  return database.all(bodyRow, 'SELECT body FROM note ORDER BY id').map((row) => row.body);
}
function add(database: Database, body: string): void {
  database.run('INSERT INTO note (body) VALUES (:body)', { body });
}

describe('transactions', () => {
  it('undoes everything when the work throws', () => {
    const database = new Database(join(tempFolder(), 'a.sqlite'), [notes], 'FULL');
    expect(() =>
      database.transaction(() => {
        add(database, 'one');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(bodies(database)).toEqual([]);
    database.close();
  });

  it('undoes only the inner part when the outer one catches', () => {
    const database = new Database(join(tempFolder(), 'a.sqlite'), [notes], 'FULL');
    database.transaction(() => {
      add(database, 'outer');
      expect(() =>
        database.transaction(() => {
          add(database, 'inner');
          database.transaction(() => add(database, 'innermost'));
          throw new Error('no');
        }),
      ).toThrow('no');
      database.transaction(() => add(database, 'after'));
    });
    expect(bodies(database)).toEqual(['outer', 'after']);
    database.close();
  });

  it('waits for the disk, except for what is relaxed, and that only where it stands alone', () => {
    const database = new Database(join(tempFolder(), 'a.sqlite'), [notes], 'FULL');
    const [normal, full] = [1, 2];
    const durability = () =>
      database.get(z.object({ synchronous: z.int() }), 'PRAGMA synchronous')?.synchronous;
    expect(database.transaction(durability)).toBe(full);
    expect(database.relaxedTransaction(durability)).toBe(normal);
    expect(database.transaction(() => database.relaxedTransaction(durability))).toBe(full);
    expect(() =>
      database.relaxedTransaction(() => {
        add(database, 'one');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(durability()).toBe(full);
    expect(bodies(database)).toEqual([]);
    database.close();
  });

  it('refuses async work and keeps nothing of it', () => {
    const database = new Database(join(tempFolder(), 'a.sqlite'), [notes], 'FULL');
    expect(() =>
      database.transaction(() => {
        add(database, 'one');
        return Promise.resolve();
      }),
    ).toThrow('async');
    expect(bodies(database)).toEqual([]);
    database.close();
  });

  it('runs nothing outside when SQLite has ended the transaction by itself', () => {
    const database = new Database(join(tempFolder(), 'a.sqlite'), [notes], 'FULL');
    expect(() =>
      database.transaction(() => {
        add(database, 'one');
        database.script('ROLLBACK');
        add(database, 'two');
      }),
    ).toThrow('ended by SQLite');
    expect(bodies(database)).toEqual([]);
    database.close();
  });
});

describe('migrations', () => {
  it('applies a step of a lower range that comes later', () => {
    const file = join(tempFolder(), 'a.sqlite');
    new Database(file, [notes], 'FULL').close();
    const database = new Database(file, [notes, colours], 'FULL');
    expect(database.run('INSERT INTO colour DEFAULT VALUES')).toBe(1);
    database.close();
  });

  it('refuses a file with a step that is not known', () => {
    const file = join(tempFolder(), 'a.sqlite');
    new Database(file, [notes, colours], 'FULL').close();
    expect(() => new Database(file, [colours], 'FULL')).toThrow(
      expect.objectContaining({
        code: 'E_STORE_NEWER',
        params: { file, found: 5, known: 2 },
      }),
    );
  });

  it('keeps nothing of a step that fails', () => {
    const file = join(tempFolder(), 'a.sqlite');
    const broken: Migration = { version: 9, name: 'broken', sql: `${colours.sql}; NONSENSE` };
    expect(() => new Database(file, [notes, broken], 'FULL')).toThrow('NONSENSE');
    const database = new Database(file, [notes, { ...colours, version: 9 }], 'FULL');
    database.close();
  });
});

describe('files', () => {
  it('are readable by our user only, write-ahead log included, also where they were not', () => {
    const file = join(tempFolder(), 'a.sqlite');
    const first = new Database(file, [notes], 'FULL');
    const mode = (path: string): number => statSync(path).mode & 0o777;
    expect([file, `${file}-wal`, `${file}-shm`].map(mode)).toEqual([0o600, 0o600, 0o600]);
    first.close();
    chmodSync(file, 0o644);
    new Database(file, [notes], 'FULL').close();
    expect(mode(file)).toBe(0o600);
  });

  it('fold the write-ahead log in when closed', () => {
    const file = join(tempFolder(), 'a.sqlite');
    const database = new Database(file, [notes], 'FULL');
    add(database, 'needle');
    expect(readFileSync(file).includes('needle')).toBe(false);
    database.close();
    expect(readFileSync(file).includes('needle')).toBe(true);
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined();
  });
});

describe('damage', () => {
  it.each([
    ['a file that is no database', (size: number) => Buffer.alloc(size, 'x'), 0],
    ['a page in the middle overwritten', () => Buffer.alloc(4096, 0xee), 4096 * 3],
  ])('%s is E_STORE_CORRUPT at opening', (_name, damage, offset) => {
    const file = join(tempFolder(), 'a.sqlite');
    const database = new Database(file, [notes], 'FULL');
    for (let index = 0; index < 200; index += 1) add(database, 'x'.repeat(200));
    database.close();
    const bytes = readFileSync(file);
    damage(bytes.length).copy(bytes, offset);
    writeFileSync(file, bytes);
    expect(() => new Database(file, [notes], 'FULL')).toThrow(
      expect.objectContaining({ code: 'E_STORE_CORRUPT' }),
    );
  });

  it('something that is no file at all is E_STORE_UNREADABLE', () => {
    const file = join(tempFolder(), 'a.sqlite');
    mkdirSync(file);
    expect(() => new Database(file, [notes], 'FULL')).toThrow(
      expect.objectContaining({ code: 'E_STORE_UNREADABLE' }),
    );
  });
});
