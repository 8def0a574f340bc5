import { describe, expect, it } from 'vitest';
import { events } from '../../../../../src/commands/nouns/events.ts';
import { health } from '../../../../../src/commands/nouns/health.ts';
import { info } from '../../../../../src/commands/nouns/info.ts';
import { perf } from '../../../../../src/commands/nouns/perf.ts';
import { status } from '../../../../../src/commands/nouns/status.ts';
import { AppError } from '../../../../../src/core/errors.ts';
import type { Gauges } from '../../../../../src/ops/gauges/gauges.ts';
import { noGauges } from '../../../../../src/ops/gauges/no-gauges.ts';
import { FakeCluster, fakeNow } from '../../../../fakes/cluster.ts';
import { fakeEvent, fakeMeta, fakeService } from '../../../../fakes/objects.ts';
import { fakeRelease } from '../../../../fakes/release.ts';
import { nodesOf } from '../read.ts';
import { linesOfNodes } from './cluster-stage.ts';
import { gaugesWith, contextOf, well, table } from './see-stage.ts';

describe('status (fake cluster)', () => {
  const ask = async (cluster: FakeCluster | null, gauges: Gauges) =>
    linesOfNodes(await nodesOf(status.run(contextOf(cluster, gauges), {})));

  it('shows every component with ready, restarts, age and version', async () => {
    const lines = await ask(fakeRelease({ shape: 'valkey' }), gaugesWith(well()));
    expect(lines[0]).toBe('ok: All is well.');
    expect(lines).toContain('Synapse | fine | 1/1 | 0 | 2 d | v1.159.0');
    expect(lines).toContain('Not installed: Hookshot.');
    expect(lines).toContain('Chart: 26.11.2');
    expect(lines).toContain('Kubernetes: v1.36.4+k3s1');
    expect(lines).toContain('Prometheus: not found');
    expect(lines).toContain('Disk of the volumes: 60 GB of 100 GB free');
    expect(lines.find((line) => line.startsWith('API server (K3s) | k:6443'))).toContain('265 d');
  });

  it('has what is worst first', async () => {
    const cluster = fakeRelease();
    const [sfu] = cluster.view.workloads({ name: 'ess-matrix-rtc-sfu' }).value;
    if (sfu === undefined) throw new Error('there is no SFU');
    cluster.view.put('Deployment', { ...sfu, ready: 0 });
    const lines = await ask(cluster, gaugesWith(well()));
    expect(lines.slice(0, 3)).toEqual([
      'warning: Something needs attention.',
      'MatrixRTC SFU (LiveKit): 0 of 1 are ready.',
      'MatrixRTC SFU (LiveKit) | broken | 0/1 | 0 | 2 d | v1.13.5',
    ]);
  });

  it('shows the last that was known with its age where the API server is down', async () => {
    const cluster = fakeRelease();
    const problem = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'https://k', reason: 'no' });
    cluster.view.setState({ is: 'disconnected', since: fakeNow - 125_000, problem });
    const lines = await ask(cluster, gaugesWith(well(), { disk: () => Promise.reject(problem) }));
    expect(lines[0]).toBe('warning: Something needs attention.');
    expect(lines.join('\n')).toContain('this is how it was 2 min 5 s ago');
    expect(lines).toContain('Synapse | fine | 1/1 | 0 | 2 d | v1.159.0');
  });

  it('is what it was where the config names no cluster', async () => {
    const lines = await ask(null, noGauges);
    expect(lines[0]).toBe('ok: All is well.');
    expect(lines.join('\n')).not.toContain('Kubernetes');
  });
});

describe('what needs the cluster', () => {
  it.each([health, info, events, perf])(
    'says that there is none where the config names none',
    async (command) => {
      const input = { component: undefined, all: false, limit: 20, hours: 6 };
      const asked = nodesOf(command.run(contextOf(null, noGauges), input));
      await expect(asked).rejects.toMatchObject({ code: 'E_KUBERNETES_NOT_CONFIGURED' });
    },
  );
});

describe('info (fake cluster)', () => {
  it('has the router table of the live Services, and addresses with the port of the way in', async () => {
    const cluster = fakeRelease();
    const labels = { 'app.kubernetes.io/name': 'traefik' };
    cluster.putElsewhere('Service', 'kube-system', [
      fakeService(
        fakeMeta('traefik', labels, 'kube-system'),
        [
          { name: 'web', port: 8080, nodePort: 30080 },
          { name: 'websecure', port: 8443, nodePort: 30443 },
          { name: 'federation', port: 8448, nodePort: 30448 },
        ],
        { type: 'LoadBalancer' },
      ),
    ]);
    const nodes = await nodesOf(info.run(contextOf(cluster, gaugesWith(well())), {}));
    expect(table(nodes, 'router').map((row) => row.slice(0, 4))).toEqual([
      ['8080', 'TCP', '192.168.1.10', '8080'],
      ['8443', 'TCP', '192.168.1.10', '8443'],
      ['8448', 'TCP', '192.168.1.10', '8448'],
      ['30002', 'UDP', '192.168.1.10', '30002'],
      ['30001', 'TCP', '192.168.1.10', '30001'],
    ]);
    expect(table(nodes, 'urls')).toContainEqual(['synapse', 'https://matrix.example.org:8443']);
    const lines = linesOfNodes(nodes);
    expect(lines).toContain('User ids look like: @name:example.org');
    expect(lines.join('\n')).not.toMatch(/password|secret/i);
  });

  it('says of a cluster that was never read that nothing is known, not that there is nothing', async () => {
    const cluster = new FakeCluster();
    const gone = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'https://k', reason: 'no' });
    cluster.view.setState({ is: 'starting' });
    cluster.view.setState({ is: 'disconnected', since: fakeNow, problem: gone });
    cluster.failures.set('listLive', gone);
    const gauges = gaugesWith(well(), { disk: () => Promise.reject(gone) });
    const lines = linesOfNodes(await nodesOf(info.run(contextOf(cluster, gauges), {})));
    expect(lines).toContain('What the router has to forward is not known: the cluster is away.');
    expect(lines).toContain('Chart: not known, the cluster is away');
    expect(lines).toContain('Address of the node: not known, the cluster is away');
    expect(lines.join('\n')).not.toContain('No Service takes anything');
  });

  it('says what it can not see of the way in', async () => {
    const cluster = fakeRelease();
    const params = { identity: 'bot', verb: 'list', resource: 'services', place: '', group: '' };
    cluster.failures.set('listLive', new AppError('E_KUBERNETES_FORBIDDEN', params));
    const nodes = await nodesOf(info.run(contextOf(cluster, gaugesWith(well())), {}));
    expect(linesOfNodes(nodes).join('\n')).toContain('bot may not list services');
  });
});

describe('events (fake cluster)', () => {
  const ask = async (cluster: FakeCluster, component: string | undefined, all: boolean) =>
    linesOfNodes(
      await nodesOf(events.run(contextOf(cluster, noGauges), { component, all, limit: 2 })),
    );
  const eventful = (): FakeCluster => {
    const cluster = fakeRelease();
    const pod = { kind: 'Pod', name: 'ess-haproxy-5d9c7b8f6-zzzzz' };
    cluster.view.put('Event', fakeEvent(pod, 'BackOff', 'back-off', { lastAt: fakeNow - 2 }));
    const normal = { type: 'Normal', lastAt: fakeNow - 1 };
    cluster.view.put('Event', fakeEvent(pod, 'Pulled', 'image is there', normal));
    const other = { kind: 'Pod', name: 'ess-postgres-0' };
    cluster.view.put('Event', fakeEvent(other, 'Unhealthy', 'no', { lastAt: fakeNow - 3 }));
    cluster.view.put('Event', fakeEvent(other, 'FailedMount', 'no', { lastAt: fakeNow - 4 }));
    return cluster;
  };

  it('are the bad ones, newest first, also of pods that are gone', async () => {
    const lines = await ask(eventful(), undefined, false);
    expect(lines.map((line) => line.split(' | ')[2])).toEqual(['BackOff', 'Unhealthy', undefined]);
    expect(lines.at(-1)).toBe('1 older one is left out; `--limit` shows more.');
  });

  it('are those of a component, with the good ones on demand', async () => {
    const lines = await ask(eventful(), 'haproxy', true);
    expect(lines.map((line) => line.split(' | ')[2])).toEqual(['Pulled', 'BackOff']);
    expect(await ask(eventful(), 'mas', true)).toEqual([
      'The cluster tells of nothing. It keeps events for about an hour.',
    ]);
  });

  it('of a component that is not there or not installed are an error with the next step', async () => {
    await expect(ask(eventful(), 'haprxy', true)).rejects.toMatchObject({
      code: 'E_COMPONENT_UNKNOWN',
    });
    await expect(ask(eventful(), 'hookshot', true)).rejects.toMatchObject({
      code: 'E_COMPONENT_NOT_INSTALLED',
    });
  });

  it('that may not be read say which rule is missing', async () => {
    const cluster = eventful();
    const problem = new AppError('E_KUBERNETES_FORBIDDEN', { verb: 'list' });
    cluster.view.setState({ is: 'forbidden', problem }, ['Event']);
    await expect(ask(cluster, undefined, true)).rejects.toBe(problem);
  });
});

describe('perf (fake cluster)', () => {
  const ask = async (cluster: FakeCluster) =>
    linesOfNodes(await nodesOf(perf.run(contextOf(cluster, gaugesWith(well())), { hours: 6 })));
  const usage = (name: string, milliCores: number, bytes: number) => ({
    ...{ name, at: fakeNow, milliCores, bytes, containers: [] },
  });

  it('shows what the node and the components use, the largest first', async () => {
    const cluster = fakeRelease();
    cluster.nodeMetrics = [usage('node-1', 1000, 2 * 1024 ** 3)];
    cluster.podMetrics = [usage('ess-postgres-0', 20, 1e8), usage('ess-synapse-main-0', 300, 5e8)];
    const lines = await ask(cluster);
    expect(lines[0]).toBe('node-1 | 1.00 cores of 4.00 cores (25 %) | 2.1 GB of 8.6 GB (25 %)');
    expect(lines[1]).toBe('Synapse | 300 m | 500 MB | none');
    expect(lines[2]).toBe('PostgreSQL | 20 m | 100 MB | none');
    expect(lines).toContain('Synapse answers in: 3 ms');
    expect(lines.at(-1)).toBe('A picture comes once the bot has measured for a few minutes.');
  });

  it('says so where nothing is measured', async () => {
    expect((await ask(fakeRelease()))[0]).toContain('metrics.k8s.io');
  });
});
