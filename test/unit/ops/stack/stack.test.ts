import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import { judgeStack } from '../../../../src/ops/stack/state.ts';
import { imageTag } from '../../../../src/ops/stack/image-version.ts';
import { readStack } from '../../../../src/ops/stack/stack.ts';
import { FakeCluster, fakeNow } from '../../../fakes/cluster.ts';
import { fakeMeta, fakePod, fakeWorkload } from '../../../fakes/objects.ts';
import { chartLabels, fakeRelease } from '../../../fakes/release.ts';

describe('a release of the chart (fake cluster)', () => {
  it.each([
    ['redis', '26.8.2-dev', 'Deployment'],
    ['valkey', '26.11.2', 'StatefulSet'],
  ] as const)('is found by label in the shape %s', (shape, chart, kind) => {
    const stack = readStack(fakeRelease({ shape }));
    expect(stack.chart).toBe(chart);
    expect(stack.components.map((component) => component.kind.key)).toEqual([
      ...['postgres', 'redis', 'synapse', 'mas', 'haproxy', 'sfu', 'rtc-auth'],
      ...['element-web', 'element-admin'],
    ]);
    expect(stack.components.find((each) => each.kind.key === 'redis')?.workload.kind).toBe(kind);
    expect(stack.notInstalled.map(({ key }) => key)).toEqual(['hookshot']);
  });

  it('is found under any name and in any namespace, and no other with it', () => {
    const cluster = fakeRelease({ release: 'chat', namespace: 'matrix' });
    // The same chart once more, under a name that begins alike, in the same namespace.
    const labels = chartLabels(cluster, 'postgres', 'matrix-stack-db', '17');
    const other = { ...labels, 'app.kubernetes.io/instance': 'chat-two-postgres' };
    cluster.view.put(
      'Pod',
      fakePod(fakeMeta('chat-two-postgres-0', other, 'matrix'), ['postgres']),
    );
    // It comes first in every list.
    const meta = fakeMeta('a-postgres', other, 'matrix');
    cluster.view.put('StatefulSet', fakeWorkload('StatefulSet', meta, []));
    const stack = readStack(cluster);
    const postgres = stack.components.find(({ kind }) => kind.key === 'postgres');
    expect(postgres?.pods.map(({ name }) => name)).toEqual(['chat-postgres-0']);
    expect(postgres?.workload.name).toBe('chat-postgres');
  });

  it('has what belongs to each component', () => {
    const { components } = readStack(fakeRelease({ workers: ['fed-sender', 'client-reader'] }));
    const of = (key: string) => components.find(({ kind }) => kind.key === key);
    expect(of('synapse')).toMatchObject({ version: 'v1.159.0', hosts: [] });
    expect(of('synapse')?.claims.map(({ name }) => name)).toEqual(['ess-synapse-media']);
    expect(of('haproxy')?.services.map(({ name }) => name)).toEqual([
      'ess-synapse',
      'ess-well-known',
    ]);
    expect(of('haproxy')?.hosts).toEqual(['matrix.example.org', 'example.org']);
    expect(of('mas')?.hosts).toEqual(['account.example.org']);
    expect(
      of('sfu')
        ?.services.map(({ type }) => type)
        .sort(),
    ).toEqual([...['ClusterIP', 'NodePort', 'NodePort']]);
    expect(of('federation-sender')?.workload.name).toBe('ess-synapse-fed-sender');
    expect(of('client-reader')?.pods).toHaveLength(1);
  });

  it('that is not there has nothing installed', () => {
    const stack = readStack(new FakeCluster());
    expect(stack.components).toEqual([]);
    expect(stack.notInstalled).toHaveLength(10);
    expect(stack.chart).toBeNull();
  });

  it('tells its certificates, whatever is written in them', () => {
    const cluster = fakeRelease();
    const [certificate] = readStack(cluster).certificates;
    expect(certificate).toMatchObject({
      issuer: 'letsencrypt',
      notAfter: fakeNow + 60 * 86_400_000,
    });
    const [raw] = cluster.view.list('Certificate').value;
    if (raw === undefined) throw new Error('there is no certificate');
    cluster.view.put('Certificate', { ...raw, spec: null, status: { notAfter: 'soon' } });
    expect(readStack(cluster).certificates[0]).toMatchObject({ hosts: [], notAfter: null });
  });
});

describe('the age of what is known (fake cluster)', () => {
  const problem = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'u', reason: 'r' });

  it('is told where the watch is cut', () => {
    const cluster = fakeRelease();
    expect(readStack(cluster).data.is).toBe('fresh');
    cluster.view.setState({ is: 'disconnected', since: fakeNow - 90_000, problem });
    expect(readStack(cluster).data).toMatchObject({ is: 'old', age: 90_000, problem });
    expect(readStack(cluster).components).toHaveLength(9);
  });

  it('is not told for what nothing is judged by', () => {
    const cluster = fakeRelease();
    cluster.view.setState({ is: 'disconnected', since: fakeNow - 9, problem }, ['Event']);
    cluster.view.setState({ is: 'absent' }, ['Certificate']);
    expect(readStack(cluster).data).toMatchObject({ is: 'fresh', absent: ['Certificate'] });
  });

  it('is nothing before anything was read', () => {
    const cluster = new FakeCluster();
    cluster.view.setState({ is: 'starting' });
    expect(readStack(cluster).data).toMatchObject({ is: 'nothing', problem: null });
    expect(judgeStack(readStack(cluster), fakeNow).level).toBe('warning');
  });

  it('is nothing while half of it is not read: what is missing may only be late', () => {
    const cluster = fakeRelease();
    cluster.view.setState({ is: 'starting' }, ['Pod']);
    expect(readStack(cluster).data.is).toBe('nothing');
    const { problems } = judgeStack(readStack(cluster), fakeNow);
    expect(problems.map(({ problem }) => problem.is)).toContain('unread');
  });
});

describe('the tag of an image', () => {
  it.each([
    ['docker.io/postgres:17-alpine', '17-alpine'],
    ['registry.test:5000/synapse', null],
    ['registry.test:5000/synapse:v1.2.3@sha256:00', 'v1.2.3'],
    ['synapse@sha256:00', null],
    ['', null],
  ])('of %s is %s', (image, tag) => {
    expect(imageTag(image)).toBe(tag);
  });
});
