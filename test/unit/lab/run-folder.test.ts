import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
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

it('sweeps a demo as soon as its process has ended, not before', async () => {
  const module = JSON.stringify(join(import.meta.dirname, '../../lab/run-folder.ts'));
  const make = `import(${module}).then(({ newRunFolder }) => {
    process.stdout.write(newRunFolder('demo', ${JSON.stringify(runs)}));
    setInterval(() => undefined, 1e6);
  });`;
  const demo = spawn(process.execPath, ['--eval', make], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void demo.kill('SIGKILL'));
  await once(demo.stdout, 'data');
  const its = readdirSync(runs);
  expect(its).toEqual([expect.stringContaining(`-${demo.pid}.`)]);
  sweepRuns(runs);
  expect(readdirSync(runs)).toEqual(its);
  demo.kill('SIGKILL');
  await once(demo, 'exit');
  sweepRuns(runs);
  expect(readdirSync(runs)).toEqual([]);
});

it('takes no other process of the same number for the one that made a folder', () => {
  const mine = basename(newRunFolder('demo', runs));
  const earlier = mine.replace(/\.[0-9a-z]+-/, '.1-');
  const untold = mine.replace(/\.[0-9a-z]+-/, '-');
  for (const name of [earlier, untold]) mkdirSync(join(runs, name));
  sweepRuns(runs);
  expect(readdirSync(runs).sort()).toEqual([mine, untold].sort());
});
