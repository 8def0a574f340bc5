import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newRunFolder, sweepRuns } from '../../lab/run-folder.ts';

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'urtc-runs-'));
});
afterEach(() => {
  rmSync(runs, { recursive: true });
});

it('makes a new folder each time, with a short name', () => {
  const folder = newRunFolder('a-name-that-is-much-too-long-for-a-socket', runs);
  expect(basename(folder).length).toBeLessThan(45);
  expect(newRunFolder('second', runs)).not.toBe(folder);
});

it('sweeps what is older than two hours, but not of a process that lives (fake clock)', () => {
  newRunFolder('mine', runs);
  // Above the largest process id that Linux can give.
  mkdirSync(join(runs, 'abc-4194305-1-ended'));
  sweepRuns(runs, Date.now() + 119 * 60_000);
  expect(readdirSync(runs)).toHaveLength(2);
  sweepRuns(runs, Date.now() + 121 * 60_000);
  expect(readdirSync(runs).map((name) => name.split('-').at(-1))).toEqual(['mine']);
  sweepRuns(join(runs, 'not-there'));
});
