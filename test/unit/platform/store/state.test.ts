import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openState, stateMigrations } from '../../../../src/platform/store/state.ts';
import { tempFolder } from './temp-folder.ts';
import { cpuMs } from '../../cpu-time.ts';

describe('the product’s file', () => {
  it('has every migration of the folder, each under the number of its file', () => {
    const folder = new URL('../../../../src/platform/store/migrations/', import.meta.url);
    const files = readdirSync(folder).sort();
    expect(
      stateMigrations.map(({ version, name }) => [version, name.replaceAll(' ', '-')]),
    ).toEqual(
      files.map((file) => {
        const [, version, name] = /^(\d+)-(.*)\.ts$/.exec(file) ?? [];
        return [Number(version), name];
      }),
    );
  });

  it('opens in a folder that is not there yet, for our user only, and again', () => {
    const folder = join(tempFolder(), 'deep', 'data');
    openState(folder).close();
    const database = openState(folder);
    const mode = (path: string): number => statSync(path).mode & 0o777;
    expect(mode(folder)).toBe(0o700);
    expect(readdirSync(folder).map((name) => [name, mode(join(folder, name))])).toEqual(
      ['state.sqlite', 'state.sqlite-shm', 'state.sqlite-wal'].map((name) => [name, 0o600]),
    );
    database.close();
  });

  it('opens in under three seconds with a large audit log, its check included', () => {
    const folder = tempFolder();
    const database = openState(folder);
    database.script('DROP TRIGGER audit_in_order');
    database.run(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
       INSERT INTO audit SELECT i, json_object('actor', 'a', 'line', printf('%.200c', 'x')), x'00' FROM n`,
    );
    database.close();
    const began = cpuMs();
    openState(folder).close();
    expect(cpuMs() - began).toBeLessThan(3000);
  });
});
