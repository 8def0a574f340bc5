import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { newRunFolder, sweepRuns } from '../../lab/run-folder.ts';

it('keeps what was just run and sweeps what is older than two hours (fake clock)', () => {
  const runs = mkdtempSync(join(tmpdir(), 'urtc-runs-'));
  const folder = newRunFolder('a-name-that-is-much-too-long-for-a-socket', runs);
  expect(basename(folder).length).toBeLessThan(45);
  expect(newRunFolder('second', runs)).not.toBe(folder);
  sweepRuns(runs, Date.now() + 119 * 60_000);
  expect(readdirSync(runs)).toHaveLength(2);
  sweepRuns(runs, Date.now() + 121 * 60_000);
  expect(readdirSync(runs)).toEqual([]);
  rmSync(runs, { recursive: true });
  sweepRuns(runs);
});
