import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Database, type Migration } from '../../../../src/platform/store/database.ts';
import { WriteAheadLog } from '../../../../src/platform/store/write-ahead-log.ts';
import { tempFolder } from './temp-folder.ts';

const notes: Migration = {
  version: 5,
  name: 'notes',
  sql: 'CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT',
};

const add = (database: Database, body: string): void => {
  database.relaxedTransaction(() => {
    database.run('INSERT INTO note (body) VALUES (:body)', { body });
  });
};

const inFolder = (): { database: Database; file: string } => {
  const file = join(tempFolder(), 'a.sqlite');
  const database = new Database(file, [notes], 'FULL');
  onTestFinished(() => database.close());
  return { database, file };
};

describe('waiting for the disk beside the work', () => {
  it('presses the file that commits are written to', async () => {
    const { database, file } = inFolder();
    const pressed: string[] = [];
    const log = new WriteAheadLog({
      ...{ file, fold: () => false },
      press: (descriptor) => {
        pressed.push(readlinkSync(`/proc/self/fd/${descriptor}`));
        return Promise.resolve();
      },
    });
    add(database, 'in the log');
    await log.press();
    expect(pressed).toEqual([`${file}-wal`]);
    expect(readFileSync(`${file}-wal`, 'utf8')).toContain('in the log');
    await expect(database.pressed()).resolves.toBeUndefined();
  });

  it('presses the database where a file system can have no log', async () => {
    const { database, file } = inFolder();
    database.script('PRAGMA journal_mode = DELETE');
    add(database, 'in the file');
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined();
    await expect(database.pressed()).resolves.toBeUndefined();
    expect(readFileSync(file, 'utf8')).toContain('in the file');
  });

  it('trusts a log no more that could not be written once: it is folded in first (fake disk)', async () => {
    const { file } = inFolder();
    const did: string[] = [];
    const state = { isBroken: true, mayFold: false };
    const log = new WriteAheadLog({
      file,
      fold: () => {
        did.push('fold');
        return state.mayFold;
      },
      press: () => {
        did.push('press');
        return state.isBroken ? Promise.reject(new Error('EIO')) : Promise.resolve();
      },
    });
    await expect(log.press()).rejects.toThrow('EIO');
    // The system would say that all is well now, and it is not.
    state.isBroken = false;
    await expect(log.press()).rejects.toThrow('can not be folded in');
    expect(did).toEqual(['press', 'fold']);
    state.mayFold = true;
    await log.press();
    await log.press();
    expect(did).toEqual(['press', 'fold', 'fold', 'press', 'press']);
  });

  it('says so where there is no file', async () => {
    const none = new WriteAheadLog({ file: join(tempFolder(), 'none'), fold: () => true });
    await expect(none.press()).rejects.toThrow('ENOENT');
  });
});
