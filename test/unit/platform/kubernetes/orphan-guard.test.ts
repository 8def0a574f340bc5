import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { guarded } from '../../../../src/platform/kubernetes/exec/orphan-guard.ts';
import { parseNamespace } from '../../../../src/platform/kubernetes/namespace.ts';
import { eventually } from './api-server.ts';

const pod = { namespace: parseNamespace('ess'), name: 'p', container: 'c' };

/** Runs a program behind the guard in this machine's own shell, as a container would. */
function run(command: readonly [string, ...string[]], silenceMs = 60_000, limitMs = 60_000) {
  const orphanGuard = { is: 'stdin', limitMs, silenceMs } as const;
  const [program = '', ...rest] = guarded({ ...pod, command, orphanGuard }).command;
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, ended, output: () => output };
}

const lives = (pid: number): boolean => existsSync(`/proc/${pid}/status`);

/** Says its process id and goes on for long. */
const sleeper = ['sh', '-c', 'echo $$; exec sleep 1000'] as const;

async function pidOf(output: () => string): Promise<number> {
  await eventually('the program to start', () => output().endsWith('\n'));
  return Number(output());
}

describe('the guard of a process in a pod', () => {
  it('passes on output and exit code, and leaves at once', async () => {
    const started = performance.now();
    const { ended, output } = run(['sh', '-c', 'echo "a b"; echo c >&2; exit 7']);
    expect(await ended).toBe(7);
    expect(output()).toBe('a b\n');
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it('passes arguments on as they are', async () => {
    const { ended, output } = run(['printf', '%s|', '$HOME', 'a b', '"', '*', '']);
    expect(await ended).toBe(0);
    expect(output()).toBe('$HOME|a b|"|*||');
  });

  it('tells a signal as 128 + its number', async () => {
    expect(await run(['sh', '-c', 'kill -9 $$']).ended).toBe(137);
  });

  it('says 127 of a program that is not there', async () => {
    expect(await run(['no-such-program-here']).ended).toBe(127);
  });

  it('ends the process when stdin ends, as a kubelet ends it after a cut', async () => {
    const { child, ended, output } = run(sleeper);
    const pid = await pidOf(output);
    expect(lives(pid)).toBe(true);
    child.stdin.end();
    await ended;
    await eventually('the program to be gone', () => !lives(pid));
  });

  it('ends it when the heartbeat stays away, and not while it comes', async () => {
    const { child, ended, output } = run(sleeper, 3000);
    const pid = await pidOf(output);
    let sent = 0;
    const beats = setInterval(() => {
      sent += 1;
      child.stdin.write('\n');
    }, 200);
    await eventually('two silences to pass', () => sent >= 32);
    expect(lives(pid)).toBe(true);
    clearInterval(beats);
    await ended;
    await eventually('the program to be gone', () => !lives(pid));
  });

  it('ends it after its limit', async () => {
    const { ended, output } = run(sleeper, 60_000, 3000);
    const pid = await pidOf(output);
    expect(await ended).toBe(124);
    expect(lives(pid)).toBe(false);
  });

  it('refuses an input besides the leash', () => {
    const stdin = (async function* () {
      yield await Promise.resolve(Buffer.from('a'));
    })();
    const orphanGuard = { is: 'stdin', limitMs: 1000 } as const;
    expect(() => guarded({ ...pod, command: ['cat'], stdin, orphanGuard })).toThrow(TypeError);
  });
});
