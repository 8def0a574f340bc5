import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cached, cacheFolder, entryFolder } from '../../lab/cache.ts';

let root: string;
let trace: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'urtc-cache-'));
  trace = join(root, 'trace');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const thing = { name: 'thing', madeOf: ['one'] };

const builder = (...more: string[]): ChildProcess =>
  spawn(
    process.execPath,
    [
      ...['--experimental-strip-types', '--disable-warning=ExperimentalWarning'],
      ...[join(import.meta.dirname, 'builder.ts'), root, trace, ...more],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );

const build = async (folder: string): Promise<void> => {
  writeFileSync(join(folder, 'whole'), 'here');
  await Promise.resolve();
};

describe('the cache', () => {
  it('lies where the XDG specification says, and ignores a relative XDG_CACHE_HOME', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/somewhere' })).toBe('/somewhere/urtc-lab');
    expect(cacheFolder({ XDG_CACHE_HOME: 'here' })).toBe(cacheFolder({}));
    expect(cacheFolder({})).toMatch(/\/\.cache\/urtc-lab$/);
  });

  it('builds an entry once, and another one when what it is made of changes', async () => {
    let builds = 0;
    const counted = (folder: string): Promise<void> => {
      builds += 1;
      return build(folder);
    };
    const first = await cached({ ...thing, root, build: counted });
    expect(await cached({ ...thing, root, build: counted })).toBe(first);
    const other = await cached({ ...thing, madeOf: ['two'], root, build: counted });
    expect(other).not.toBe(first);
    expect(builds).toBe(2);
    expect(readFileSync(join(first, 'whole'), 'utf8')).toBe('here');
  });

  it('has no entry after a build that failed', async () => {
    const failing = cached({ ...thing, root, build: () => Promise.reject(new Error('no')) });
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(entryFolder({ ...thing, root }))).toBe(false);
    await cached({ ...thing, root, build });
  });

  it('lets one of two processes build, and the other wait for it', async () => {
    const builders = [builder(), builder()];
    const codes = await Promise.all(builders.map((child) => once(child, 'exit')));
    expect(codes.map(([code]: unknown[]) => code)).toEqual([0, 0]);
    expect(readFileSync(trace, 'utf8')).toBe('building\n');
  });

  it('is neither blocked nor littered by a builder that was killed by kill -9', async () => {
    const killed = builder('stall');
    if (killed.stdout === null) throw new Error('no stdout');
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(existsSync(entryFolder({ ...thing, root }))).toBe(false);
    const folder = await cached({ ...thing, root, build });
    expect(readdirSync(folder)).toEqual(['whole']);
    expect(readdirSync(root).filter((name) => name.includes('unfinished'))).toEqual([]);
  });
});
