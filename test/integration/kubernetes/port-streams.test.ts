import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../../src/platform/clock.ts';
import { ForwardAgent } from '../../../src/platform/kubernetes/forward/agent.ts';
import { openKubernetes } from '../../../src/platform/kubernetes/open.ts';
import type { ExecRequest, Kubernetes } from '../../../src/platform/kubernetes/port.ts';
import { sharedCluster, type SharedCluster } from '../../lab/kubernetes/shared.ts';
import { until } from '../../lab/wait.ts';
import { silentLog } from '../../unit/platform/kubernetes/api-server.ts';

const namespace = 'streams';
const mebi = 1024 * 1024;
const total = 128 * mebi;
const mostGrowth = 32 * mebi;

let lab: SharedCluster;
let kubernetes: Kubernetes;

beforeAll(async () => {
  lab = await sharedCluster();
  await lab.kubectlApply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'box', namespace, labels: { 'app.kubernetes.io/name': 'box' } },
      spec: {
        containers: [{ name: 'main', image: 'box', ports: [{ name: 'web', containerPort: 80 }] }],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'box', namespace },
      spec: {
        selector: { 'app.kubernetes.io/name': 'box' },
        ports: [{ name: 'http', port: 8080, targetPort: 'web' }],
      },
    },
  ]);
  kubernetes = openKubernetes({
    ...{ from: { kubeconfig: lab.kubeconfig }, release: 'ess', namespace },
    ...{ clock: systemClock, log: silentLog },
  });
  const isReady = () => kubernetes.view.get('Pod', { name: 'box' }).value?.ready === true || null;
  await kubernetes.view.until(isReady, AbortSignal.timeout(120_000));
}, 300_000);
afterAll(async () => {
  await kubernetes.close();
  await lab[Symbol.asyncDispose]();
});

const box = (command: ExecRequest['command'], more: Partial<ExecRequest> = {}): ExecRequest => ({
  ...{ namespace: kubernetes.namespace, name: 'box', container: 'main', command },
  ...{ orphanGuard: { is: 'none' }, ...more },
});

const moved = z.object({ grown: z.number(), size: z.number() });

/** Moves 128 MiB in a process of its own, with a consumer that stalls. Sizes in bytes. */
async function stalling(way: 'exec-out' | 'exec-in' | 'logs'): Promise<z.output<typeof moved>> {
  const program = join(import.meta.dirname, 'port/stalling.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--disable-warning=ExperimentalWarning', program, lab.kubeconfig, namespace, way],
  ]);
  const { grown, size } = moved.parse(JSON.parse(stdout));
  process.stdout.write(`${way}, 128 MiB: ${(grown / mebi).toFixed(1)} MiB more\n`);
  return { grown, size };
}

describe('exec', () => {
  it.each([
    ['exit 0', 0],
    ['exit 3', 3],
    ['kill -9 $$', 137],
  ])('tells how a program ended: %s', async (script, code) => {
    const ended = await kubernetes.run(box(['sh', '-c', `echo out; echo err >&2; ${script}`]));
    expect({ ...ended, stdout: Buffer.from(ended.stdout).toString() }).toEqual({
      ...{ exitCode: code, stdout: 'out\n', stderr: 'err\n' },
    });
  });

  it('tells what is not there: program, container, pod', async () => {
    await expect(kubernetes.run(box(['no-such-program']))).rejects.toMatchObject({
      code: 'E_KUBERNETES_EXEC_FAILED',
    });
    await expect(kubernetes.run(box(['true'], { container: 'none' }))).rejects.toMatchObject({
      code: 'E_KUBERNETES_ANSWER',
    });
    await expect(kubernetes.run(box(['true'], { name: 'none' }))).rejects.toMatchObject({
      code: 'E_KUBERNETES_NOT_FOUND',
    });
  });

  it('128 MiB come out through a reader that stalls', async () => {
    const { grown, size } = await stalling('exec-out');
    expect(size).toBe(total);
    expect(grown).toBeLessThan(mostGrowth);
  });

  it('128 MiB go in to a program that stalls', async () => {
    const { grown, size } = await stalling('exec-in');
    // The first is taken before the stall.
    expect(size).toBe(total - 1);
    expect(grown).toBeLessThan(mostGrowth);
  });

  it('ends by its heartbeat a program whose connection was cut; without a guard it runs on', async () => {
    const pids: number[] = [];
    const script = ['sh', '-c', 'echo $$; exec sleep 600'] as const;
    const guards = [{ is: 'none' }, { is: 'stdin', limitMs: 60_000, silenceMs: 2000 }] as const;
    for (const orphanGuard of guards) {
      const { stdout, result } = await kubernetes.exec(box(script, { orphanGuard }));
      for await (const part of stdout) {
        pids.push(Number(Buffer.from(part).toString()));
        break;
      }
      await expect(result).rejects.toMatchObject({ code: 'E_KUBERNETES_EXEC_CUT' });
    }
    const [unguarded = 0, guarded = 0] = pids;
    const lives = (pid: number): boolean => existsSync(`/proc/${pid}/status`);
    await until('the end', () => (lives(guarded) ? undefined : true), { timeoutMs: 60_000 });
    expect(lives(unguarded)).toBe(true);
    process.kill(unguarded, 'SIGKILL');
  });
});

describe('logs', () => {
  const request = { name: 'box', container: 'main' };
  const textOf = async (stream: AsyncIterable<Uint8Array>): Promise<string> => {
    const parts: Uint8Array[] = [];
    for await (const part of stream) parts.push(part);
    return Buffer.concat(parts).toString();
  };
  const logs = (
    more: Partial<Parameters<Kubernetes['logs']>[0]>,
    signal?: AbortSignal,
  ): AsyncIterable<Uint8Array> =>
    kubernetes.logs({ namespace: kubernetes.namespace, ...request, ...more }, signal);

  it('are read since, at the end, before the restart, and as far as wanted', async () => {
    const log = await lab.pods.log({ namespace, pod: 'box', container: 'main' });
    const now = Date.now();
    log.append([
      { text: 'old', at: now - 60_000 },
      { text: 'new', at: now - 5000 },
      { text: 'newest', at: now },
    ]);
    log.writePrevious(['crashed']);
    expect(await textOf(logs({}))).toBe('old\nnew\nnewest\n');
    expect(await textOf(logs({ tail: 1 }))).toBe('newest\n');
    expect(await textOf(logs({ since: now - 30_000 }))).toBe('new\nnewest\n');
    expect(await textOf(logs({ previous: true }))).toBe('crashed\n');
    expect(await textOf(logs({ limitBytes: 5 }))).toBe('old\nn');
    expect(await textOf(logs({ tail: 1, timestamps: true }))).toMatch(/^\d{4}-\S+Z newest\n$/);

    const stop = new AbortController();
    const followed: string[] = [];
    const following = (async () => {
      for await (const part of logs({ follow: true, tail: 1 }, stop.signal)) {
        followed.push(Buffer.from(part).toString());
      }
    })();
    const ended = expect(following).rejects.toThrow('enough');
    const heard = (text: string) => () => (followed.join('').includes(text) ? true : undefined);
    await until('the last line', heard('newest'), { timeoutMs: 60_000 });
    log.append(['even newer']);
    await until('the next line', heard('even newer'), { timeoutMs: 60_000 });
    stop.abort(new Error('enough'));
    await ended;
  });

  it('128 MiB come through a reader that stalls', async () => {
    const log = await lab.pods.log({ namespace, pod: 'box', container: 'main' });
    const text = `2026-11-22T20:00:00.000000000Z stdout F ${'x'.repeat(1023)}\n`;
    writeFileSync(log.file, '');
    for (let i = 0; i < 128; i += 1) appendFileSync(log.file, text.repeat(1024));
    const { grown, size } = await stalling('logs');
    writeFileSync(log.file, '');
    expect(size).toBe(total);
    expect(grown).toBeLessThan(mostGrowth);
  });
});

describe('port-forward', () => {
  it('leads to a pod behind a Service, keeps its connection, and passes our own credentials on', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`);
      response.end('x'.repeat(mebi));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = server.address();
    if (at === null || typeof at === 'string') throw new Error('no port');
    await lab.pods.forward({ namespace, pod: 'box' }, 80, at.port);
    const service = { namespace: kubernetes.namespace, name: 'box' };
    const agent = new ForwardAgent(kubernetes, { service, port: 'http' });
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const fetchOne = (path: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = { authorization: 'Bearer of-synapse' };
        get(`http://box${path}`, { agent, headers }, (answer) => {
          let size = 0;
          answer.on('data', (part: Buffer) => (size += part.length));
          answer.on('end', () => resolve(size));
        }).on('error', reject);
      });
    const look = () =>
      fetchOne('/0').then(
        (size) => size,
        () => undefined,
      );
    await until('the forward to lead there', look, { timeoutMs: 60_000 });
    // How often it was tried until then is kwok's.
    const [asked, opened] = [kubernetes.requests, connections];
    expect(await fetchOne('/1')).toBe(mebi);
    expect(await fetchOne('/2')).toBe(mebi);
    expect(seen.slice(-2)).toEqual(['/1 Bearer of-synapse', '/2 Bearer of-synapse']);
    expect(connections).toBe(opened);
    // What is absent from the cluster may be looked for beside it.
    expect(kubernetes.requests - asked).toBeLessThanOrEqual(1);
    agent.destroy();
    server.close();
    server.closeAllConnections();
  });
});
