import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { AppError } from '../../../../../src/core/errors.ts';
import type { JsonObject } from '../../../../../src/core/json.ts';
import { Secret } from '../../../../../src/core/secret.ts';
import { parseNamespace } from '../../../../../src/platform/kubernetes/namespace.ts';
import { fakeNow } from '../../../../fakes/cluster.ts';
import { fakeEvent, fakeMeta, fakePod, fakeStatus } from '../../../../fakes/objects.ts';
import { chartLabels, fakeRelease } from '../../../../fakes/release.ts';
import { canaries } from '../../../ops/logs/canaries.ts';
import { bundleIn, fieldOf, setBundleStage } from './bundle-stage.ts';
import { linesOfNodes } from './cluster-stage.ts';

const manifestSchema = z.looseObject({
  name: z.string(),
  logs_since: z.string().nullable(),
  versions: z.record(z.string(), z.unknown()),
  masked: z.number(),
  files: z.array(
    z.looseObject({
      ...{ path: z.string(), bytes: z.number(), sha256: z.string(), note: z.string().optional() },
    }),
  ),
  left_out: z.array(z.object({ what: z.string(), why: z.string() })),
});

const manifestIn = (files: ReadonlyMap<string, string>) =>
  manifestSchema.parse(JSON.parse(files.get('manifest.json') ?? ''));

const unreachable = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'https://k', reason: 'no' });

/** A Deployment as the API server has it, with every secret wherever it could stand. */
const fullOfSecrets = (lines: readonly string[], secrets: readonly string[]): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'ess-haproxy',
    labels: {
      'app.kubernetes.io/part-of': 'matrix-stack',
      'app.kubernetes.io/instance': 'ess-haproxy',
    },
    annotations: Object.fromEntries(lines.map((line, nth) => [`example.org/${nth}`, line])),
    managedFields: [{ note: lines.join() }],
  },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: 'haproxy',
            args: [...lines, '--password', 'CANARY7d1f0a'],
            env: secrets.map((value, nth) => ({ name: `PLAIN_${nth}`, value })),
          },
        ],
      },
    },
  },
  status: { conditions: lines.map((message) => ({ type: 'X', message })) },
});

describe('bundle (fake cluster)', () => {
  it('[S6] has none of fifty secrets anywhere: logs, objects, events, reports, settings, own log', async () => {
    const lines = canaries.map(({ line }) => line);
    const cluster = fakeRelease();
    const text = `${lines.join('\n')}\nsaid: plain words 77\n`;
    cluster.secrets.set('ess-generated', new Map([['X', new Secret('plain words 77')]]));
    cluster.texts.set('ess-synapse-main-0/synapse', text);
    cluster.texts.set('ess-synapse-main-0/synapse/previous', text);
    const pod = cluster.view.get('Pod', { name: 'ess-synapse-main-0' }).value;
    if (pod === null) throw new Error('no pod');
    const last = { is: 'terminated', reason: 'Error', message: lines.join(), exitCode: 1 } as const;
    const ended = { ...last, signal: null, startedAt: null, finishedAt: fakeNow };
    const status = fakeStatus('synapse', { restarts: 2, last: ended });
    cluster.view.put('Pod', { ...pod, containers: [status], message: lines.join('; ') });
    const about = { kind: 'Pod', name: pod.name };
    for (const [nth, line] of lines.entries()) {
      cluster.view.put('Event', fakeEvent(about, `Reason${nth}`, line));
    }
    cluster.whole.set('Deployment', [
      fullOfSecrets(
        lines,
        canaries.map(({ secret }) => secret),
      ),
    ]);
    const entry = { sequence: 1, at: fakeNow, actor: '@anna:example.org', event: null, job: null };
    const ending = { decision: 'finished', result: 'ok', durationMs: 3 } as const;
    const { ask } = setBundleStage({
      ...{ cluster, config: stringify({ lines }), errors: lines, ownLog: lines },
      audit: lines.map((line) => ({ ...entry, line: `bundle ${line}`, ...ending })),
    });
    const nodes = await ask();
    const { open } = bundleIn(nodes);
    const whole = [...open.files].flat().join('\n') + linesOfNodes(nodes).join('\n');
    for (const { secret } of canaries) expect(whole).not.toContain(secret);
    expect(whole).not.toMatch(/CANARY[^\n]{0,20}0123|plain words|@anna/);
    expect(whole).toContain('PLAIN_49');
    const paths = [...open.files.keys()];
    for (const path of ['bot/config.json', 'bot/errors.json', 'bot/audit.json', 'bot/urtc.log']) {
      expect(paths).toContain(path);
    }
    expect(paths).toContain('logs/ess-synapse-main-0/synapse.previous.log');
    // Each line of each place had one: this is not a bundle that is clean because it is empty.
    expect(manifestIn(open.files).masked).toBeGreaterThan(10 * 50);
  });

  it('[P187] tells versions, files with sums, and its own sum; reports come first, logs last', async () => {
    const cluster = fakeRelease();
    cluster.texts.set('ess-haproxy-5d9c7b8f6-x2x4z/haproxy', 'one\ntwo\n');
    const { ask, speech } = setBundleStage({ cluster });
    const nodes = await ask();
    const { bytes, open } = bundleIn(nodes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(fieldOf(nodes, 'sha256'));
    const manifest = manifestIn(open.files);
    expect(manifest.versions).toMatchObject({ kubernetes: 'v1.36.4+k3s1', chart: '26.8.2-dev' });
    expect(manifest.left_out).toEqual([]);
    expect(manifest.files.map(({ path }) => path)).toEqual(open.order.slice(0, -1));
    for (const { path, sha256 } of manifest.files) {
      expect(
        createHash('sha256')
          .update(open.files.get(path) ?? '')
          .digest('hex'),
      ).toBe(sha256);
    }
    expect(open.order[0]).toBe('reports/status.txt');
    expect(open.order.at(-1)).toBe('manifest.json');
    const firstLog = open.order.findIndex((path) => path.startsWith('logs/'));
    expect(open.order.slice(0, firstLog).join()).not.toContain('logs/');
    expect(open.files.get('logs/ess-haproxy-5d9c7b8f6-x2x4z/haproxy.log')).toBe('one\ntwo\n');
    expect(open.files.get('reports/status.txt')).toContain('All is well.');
    expect(linesOfNodes(nodes)[0]).toMatch(/^ok: The bundle is made: \d+ files/);
    expect(speech.progressed[0]).toBe('answer of `status` (1 of 11)');
    expect(linesOfNodes(nodes).join('\n')).toContain('Look through it first');
  });

  it('writes the file on the server where a room is not encrypted, and says why', async () => {
    const { ask, folder, speech } = setBundleStage({ cluster: fakeRelease() });
    speech.isSealed = false;
    const nodes = await ask({ to: 'room' });
    expect(nodes.some(({ type }) => type === 'file')).toBe(false);
    expect(fieldOf(nodes, 'path')).toContain(folder);
    expect(linesOfNodes(nodes).join('\n')).toContain('this room is not encrypted');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('writes no file on the server where it goes into the room', async () => {
    const { ask, folder } = setBundleStage({ cluster: fakeRelease() });
    expect((await ask()).some(({ type }) => type === 'file')).toBe(true);
    expect(() => readdirSync(folder)).toThrow('ENOENT');
    expect(fieldOf(await ask({ to: 'server' }), 'path')).toContain(folder);
    const nodes = await ask({ to: 'room' }, { surface: 'terminal' });
    expect(linesOfNodes(nodes).join('\n')).toContain('a terminal is no room');
  });

  it('has what there is while the API server is down, and says what is missing', async () => {
    const cluster = fakeRelease();
    cluster.view.setState({ is: 'disconnected', since: fakeNow - 60_000, problem: unreachable });
    for (const method of ['manifests', 'logs', 'version'])
      cluster.failures.set(method, unreachable);
    const { ask } = setBundleStage({ cluster, ownLog: null });
    const nodes = await ask();
    const { files } = bundleIn(nodes).open;
    expect(files.get('reports/status.txt')).toContain('this is how it was');
    expect(files.get('objects/pods.last-known.json')).toContain('ess-synapse-main-0');
    const { left_out: missing, versions } = manifestIn(files);
    expect(missing.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['bot/urtc.log', 'objects/pods.json', 'logs/']),
    );
    expect(versions['kubernetes']).toBeNull();
    expect(linesOfNodes(nodes)[0]).toMatch(/^warning: .* things are not in it/);
  });

  it('tells only of the bot where the config names no cluster', async () => {
    const { ask } = setBundleStage({ cluster: null });
    const nodes = await ask({ to: 'server' });
    expect(linesOfNodes(nodes)[0]).toMatch(/^ok/);
    expect(linesOfNodes(nodes).join('\n')).toContain('The config names no cluster');
    expect(bundleIn(nodes).open.order[0]).toBe('reports/status.txt');
  });

  it('takes hostile names of pods and containers for what they are: no way out of its folder', async () => {
    const cluster = fakeRelease();
    const labels = chartLabels(cluster, 'haproxy', 'x', '1');
    const name = '../../../etc/ssh/authorized_keys';
    const meta = fakeMeta(name, labels, parseNamespace('ess'));
    cluster.view.put('Pod', fakePod(meta, ['../../etc/cron.d/x', '-rf', '\u202etxt']));
    cluster.texts.set(`${name}/-rf`, 'hello\n');
    const { files } = bundleIn(await setBundleStage({ cluster }).ask()).open;
    const odd = [...files.keys()].filter((path) => path.includes('authorized'));
    expect(odd).toHaveLength(3);
    for (const path of files.keys())
      expect(path).toMatch(/^(?:[a-z]+\/){0,1}[\w.-]+(?:\/[\w.-]+)?$/);
    expect(odd.map((path) => files.get(path))).toContain('hello\n');
  });

  it('reads logs since a time, those of pods that restarted first, and says which are cut', async () => {
    const cluster = fakeRelease();
    const pod = cluster.view.get('Pod', { name: 'ess-haproxy-5d9c7b8f6-x2x4z' }).value;
    if (pod === null) throw new Error('no pod');
    cluster.view.put('Pod', { ...pod, containers: [fakeStatus('haproxy', { restarts: 1 })] });
    cluster.texts.set(`${pod.name}/haproxy`, 'line\n'.repeat(20_000));
    const { order, files } = bundleIn(
      await setBundleStage({ cluster }).ask({ since: 60_000 }),
    ).open;
    expect(order.filter((path) => path.startsWith('logs/')).slice(0, 2)).toEqual([
      `logs/${pod.name}/haproxy.log`,
      `logs/${pod.name}/haproxy.previous.log`,
    ]);
    const { files: listed, logs_since: since } = manifestIn(files);
    expect(since).toBe(new Date(fakeNow - 60_000).toISOString());
    expect(listed.find(({ path }) => path.endsWith('haproxy.log'))?.note).toBe(
      'only the last 10,000 lines; there are more',
    );
    const asked = cluster.calls.filter(({ method }) => method === 'logs').map(({ what }) => what);
    expect(asked).toContainEqual(
      expect.objectContaining({ container: 'haproxy', since: fakeNow - 60_000, tail: 10_001 }),
    );
  });

  it('takes a quarter of what the disk has left, with one log in memory at a time, and says what was left out', async () => {
    const cluster = fakeRelease();
    const line = () => randomBytes(75).toString('hex').replaceAll(/[0-5]/g, ' ');
    const noise = Buffer.from(Array.from({ length: 2900 }, line).join('\n'));
    let open = 0;
    cluster.onLogs = async function* ({ tail }) {
      // `doctor` reads some by itself.
      if (tail !== 3001) return;
      open += 1;
      expect(open).toBe(1);
      yield await Promise.resolve(noise);
      open -= 1;
    };
    const { ask, desk } = setBundleStage({ cluster });
    const most = 1024 * 1024;
    desk.shelf.freeBytes = () => Promise.resolve(4 * most);
    const nodes = await ask({ to: 'server' });
    const bundle = bundleIn(nodes);
    expect(bundle.bytes.byteLength).toBeLessThanOrEqual(most);
    expect(bundle.bytes.byteLength).toBeGreaterThan(0.6 * most);
    const { left_out: missing } = manifestIn(bundle.open.files);
    expect(missing.length).toBeGreaterThan(3);
    expect(missing[0]?.why).toContain('would have become too large');
    desk.shelf.freeBytes = () => Promise.resolve(4 * most - 1);
    await expect(ask({ to: 'server' })).rejects.toMatchObject({ code: 'E_BUNDLE_NO_ROOM' });
  });

  it('makes one at a time, and leaves nothing of one that is stopped', async () => {
    const cluster = fakeRelease();
    const stop = new AbortController();
    cluster.onLogs = async function* () {
      stop.abort(new Error('enough'));
      yield await new Promise<Uint8Array>(() => undefined);
    };
    const { ask, desk, folder } = setBundleStage({ cluster });
    const leave = desk.begin();
    await expect(ask()).rejects.toMatchObject({ code: 'E_BUNDLE_BUSY' });
    leave();
    await expect(ask({ to: 'server' }, { signal: stop.signal })).rejects.toThrow('enough');
    expect(readdirSync(folder)).toEqual([]);
    desk.begin()();
  });
});
