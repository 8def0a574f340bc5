import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';

const repository = join(import.meta.dirname, '../../..');

function program(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o755 });
}

/** A Node that says it is of this version, and tells its programs which one it is. */
const nodeNamed = (name: string, version: string): string =>
  `#!/bin/sh
[ "$1" = --version ] && { echo ${version}; exit; }
NODE_NAME=${name} exec ${JSON.stringify(process.execPath)} "$@"
`;

interface Checkout {
  readonly launcher: string;
  readonly env: NodeJS.ProcessEnv;
  readonly run: (...args: readonly string[]) => SpawnSyncReturns<string>;
}

/** A checkout of the test's own, on a machine whose Node is of the version `own`. */
function checkout(own: string, brought: boolean): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'urtc on-node-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const launcher = join(folder, 'scripts', 'on-node.sh');
  mkdirSync(dirname(launcher));
  copyFileSync(join(repository, 'scripts/on-node.sh'), launcher);
  const modules = join(folder, 'node_modules');
  program(join(modules, '.bin', 'tool'), `#!/usr/bin/env node\n${tell} process.exitCode = 7;`);
  if (brought) {
    const node = join(modules, `node-linux-${process.arch}`, 'bin', 'node');
    program(node, nodeNamed('brought', 'v24.0.0'));
  }
  program(join(folder, 'machine', 'node'), nodeNamed('own', own));
  const env = { PATH: `${join(folder, 'machine')}:/usr/bin:/bin` };
  const run = (...args: readonly string[]) =>
    spawnSync('sh', [launcher, ...args], { env, cwd: tmpdir(), encoding: 'utf8' });
  return { launcher, env, run };
}

const tell = `process.stdout.write([process.env['NODE_NAME'], ...process.argv.slice(2)].join('|'));`;

describe('on-node.sh', () => {
  it('runs tools on the brought Node, and hands words and the exit code on', () => {
    const { run } = checkout('v26.0.0', true);
    expect(run('tool', 'a  b', '*')).toMatchObject({ stdout: 'brought|a  b|*', status: 7 });
    expect(run('node', '--eval', tell)).toMatchObject({ stdout: 'brought', status: 0 });
  });

  it('gives the same Node to what the program starts', () => {
    const { run } = checkout('v20.0.0', true);
    expect(run('sh', '-c', 'tool 1; tool 2').stdout).toBe('brought|1brought|2');
  });

  it('does with a new enough Node of the machine where none was brought (told version)', () => {
    expect(checkout('v24.0.0', false).run('tool')).toMatchObject({ stdout: 'own', status: 7 });
  });

  it('says what to do where there is no Node that reads TypeScript (told version)', () => {
    const { status, stdout, stderr } = checkout('v22.22.0', false).run('tool');
    expect([status, stdout]).toEqual([69, '']);
    expect(stderr).toBe('Node 24 is missing: run `npm ci` (without --omit=optional) first.\n');
  });

  it('says how it is called', () => {
    expect(checkout('v24.0.0', true).run()).toMatchObject({ status: 64, stdout: '' });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
    'becomes the program itself, so that %s of the one is of the other',
    async (signal) => {
      const { launcher, env } = checkout('v20.0.0', true);
      const wait = 'process.stdout.write(String(process.pid)); setInterval(() => undefined, 1e6);';
      const child = spawn('sh', [launcher, 'node', '--eval', wait], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const ended = once(child, 'close');
      const [told] = z.tuple([z.instanceof(Buffer)]).parse(await once(child.stdout, 'data'));
      expect(told.toString()).toBe(String(child.pid));
      child.kill(signal);
      expect(await ended).toEqual([null, signal]);
    },
  );
});

describe('package.json', () => {
  it('starts every script that needs a Node by it', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')));
    for (const [name, line] of Object.entries(scripts)) {
      const own = line.split(' && exec ').filter((part) => !/^npm run -s [a-z]+$/.test(part));
      for (const part of own) expect(`${name}: ${part}`).toContain(': sh scripts/on-node.sh ');
    }
  });
});
