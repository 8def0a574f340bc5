import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'acorn';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../lab/wait.ts';

const bin = join(import.meta.dirname, '../../../bin');

/** A package as npm installs it, with an entry of the test's own and a Node that tells that it is the brought one. */
function installed(entry: string, withNode: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), 'urtc-launcher-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, 'node_modules', 'urtc-bootstrap');
  cpSync(bin, join(home, 'bin'), { recursive: true });
  mkdirSync(join(home, 'dist'));
  writeFileSync(join(home, 'dist', 'urtc.mjs'), entry);
  if (withNode) {
    const brought = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`);
    mkdirSync(join(brought, 'bin'), { recursive: true });
    writeFileSync(join(brought, 'package.json'), '{"version":"24.0.0"}');
    writeFileSync(
      join(brought, 'bin', 'node'),
      `#!/bin/sh\nBROUGHT=yes exec ${JSON.stringify(process.execPath)} "$@"\n`,
    );
    chmodSync(join(brought, 'bin', 'node'), 0o755);
  }
  return join(home, 'bin', 'urtc.cjs');
}

/** Starts the launcher on a Node that says it is of this version. */
function start(file: string, version: string, ...args: string[]): ChildProcess {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  const preload = join(file, '..', 'version.cjs');
  writeFileSync(preload, pretend);
  return spawn(process.execPath, ['--require', preload, file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Process ids of the children of a process. */
function childrenOf(pid = 0): string[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ');
}

async function outputOf(child: ChildProcess) {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(child, 'close');
  return { stdout, stderr, code: child.exitCode, signal: child.signalCode };
}

const tell = `
import { DatabaseSync } from 'node:sqlite';
new DatabaseSync(':memory:').close();
process.stdout.write([process.env.BROUGHT ?? 'own', ...process.argv.slice(2)].join(' '));
process.exitCode = 7;
`;

describe('the launcher', () => {
  it.each(readdirSync(bin))('%s is written in the syntax of 2019, which Node 12 reads', (name) => {
    // The one newer thing is import(), which Node 12 parses as well.
    const source = readFileSync(join(bin, name), 'utf8')
      .replace('import(', 'load(')
      .replace(/^#!.*/, '');
    const read = (text: string): unknown =>
      parse(text, { ecmaVersion: 2019, sourceType: 'commonjs' });
    expect(() => read(source)).not.toThrow();
    expect(() => read('a?.b')).toThrow(SyntaxError);
  });

  it.each(['22.16.0', '24.0.0'])(
    'goes on in its own process on Node %s (told version)',
    async (version) => {
      const result = await outputOf(start(installed(tell, true), version, 'user', 'list'));
      expect(result).toMatchObject({ stdout: 'own user list', stderr: '', code: 7 });
    },
  );

  it.each(['23.11.0', '22.15.1', '20.19.0', '12.22.0'])(
    'starts the brought Node on Node %s and hands its exit code up (told version)',
    async (version) => {
      const result = await outputOf(start(installed(tell, true), version, 'a b', '--x'));
      expect(result).toMatchObject({ stdout: 'yes a b --x', stderr: '', code: 7 });
    },
  );

  it('says what is missing where there is no Node to start (told version)', async () => {
    const result = await outputOf(start(installed(tell, false), '20.0.0'));
    expect(result.code).toBe(69);
    expect(result.stderr).toContain('urtc needs Node 22.16 or newer; this is 20.0.0.');
    expect(result.stderr).toContain(`node-${process.platform}-${process.arch}`);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'hands %s down (told version)',
    async (signal) => {
      const file = installed(
        `process.once('${signal}', () => { process.stdout.write('got it'); clearInterval(wait); process.exitCode = 3; });
       const wait = setInterval(() => undefined, 1e6);
       process.stdout.write('up ');`,
        true,
      );
      const child = start(file, '20.0.0');
      child.stdout?.once('data', () => child.kill(signal));
      expect(await outputOf(child)).toMatchObject({ stdout: 'up got it', code: 3 });
    },
  );

  it('ends its child in an orderly way when it is killed by kill -9 (told version)', async () => {
    const file = installed(
      `process.once('SIGTERM', () => { process.stdout.write('told to end'); clearInterval(wait); });
       const wait = setInterval(() => undefined, 1e6);
       process.stdout.write('up ');`,
      true,
    );
    const child = start(file, '20.0.0');
    child.stdout?.once('data', () => child.kill('SIGKILL'));
    // Its streams close when its child has ended, too.
    expect(await outputOf(child)).toMatchObject({ stdout: 'up told to end', signal: 'SIGKILL' });
  });

  it('is killed before its child is up: the child ends all the same (told version)', async () => {
    const file = installed(`setInterval(() => undefined, 1e6);`, true);
    const child = start(file, '20.0.0');
    await until('a child', () => (childrenOf(child.pid).length > 0 ? true : undefined), {
      timeoutMs: 25_000,
      everyMs: 1,
    });
    child.kill('SIGKILL');
    expect(await outputOf(child)).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it('gives its child no channel that keeps it or that its own children and threads meet (told version)', async () => {
    const file = installed(
      `import { execFileSync } from 'node:child_process';
       import { Worker } from 'node:worker_threads';
       new Worker('', { eval: true }).on('exit', (code) => {
         process.stdout.write(execFileSync('env').toString() + 'work is done ' + code);
       });`,
      true,
    );
    const { stdout, code } = await outputOf(start(file, '20.0.0'));
    expect([stdout.split('\n').at(-1), code]).toEqual(['work is done 0', 0]);
    expect(stdout).not.toContain('NODE_CHANNEL');
  });

  it('ends by the signal that ended its child (told version)', async () => {
    const file = installed(`process.kill(process.pid, 'SIGKILL');`, true);
    expect(await outputOf(start(file, '20.0.0'))).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it.each([
    [[], 0o22, true],
    [['bot', '--config', 'c'], 0o22, false],
    // Then others could put what they like where the next call takes it from.
    [[], 0o2, false],
  ])('%j with umask %i: keeps compiled what it loads: %s', async (words, umask, isKept) => {
    const file = installed(tell, false);
    const line = `umask 0${umask.toString(8)}; exec "$0" "$@"`;
    // Without the place where a run of tests keeps such code.
    const env = { PATH: process.env['PATH'] };
    const child = spawn('sh', ['-c', line, process.execPath, file, ...words], { env });
    expect((await outputOf(child)).stdout).toBe(['own', ...words].join(' '));
    const compiled = join(file, '../../dist/compiled');
    expect(existsSync(compiled)).toBe(isKept);
    // And the next call runs with it.
    expect((await outputOf(spawn(process.execPath, [file], { env }))).stdout).toBe('own');
  });

  it('fails with the stack of an entry that breaks', async () => {
    const result = await outputOf(start(installed(`throw new Error('broken')`, false), '24.0.0'));
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain('broken');
  });
});
