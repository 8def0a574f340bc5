import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import type { Change } from '../../../src/platform/kubernetes/port.ts';
import { fakeNow } from '../../fakes/cluster.ts';
import { fakeRelease } from '../../fakes/release.ts';

describe('the fake cluster', () => {
  it('tells changes with what was before, and finds by label and name', () => {
    const cluster = fakeRelease({ release: 'chat', namespace: 'matrix' });
    const heard: Change[] = [];
    const stop = cluster.view.onChange((change) => heard.push(change));
    const labels = { 'app.kubernetes.io/instance': 'chat-postgres' };
    const [postgres] = cluster.view.workloads({ labels }).value;
    if (postgres === undefined) throw new Error('there is no chat-postgres');
    cluster.view.put('StatefulSet', { ...postgres, ready: 0 });
    cluster.view.remove('Pod', 'chat-postgres-0');
    stop();
    cluster.view.remove('StatefulSet', 'chat-postgres');
    expect(heard.map(({ kind, type }) => `${kind} ${type}`)).toEqual([
      'StatefulSet changed',
      'Pod removed',
    ]);
    expect(heard[0]?.before).toBe(postgres);
    expect(cluster.view.get('StatefulSet', { name: 'chat-postgres' }).value).toBeNull();
  });

  it('reads with the age of a watch that was cut', () => {
    const cluster = fakeRelease();
    expect(cluster.view.list('Pod')).toMatchObject({ age: 0, asOf: fakeNow });
    const problem = new AppError('E_KUBERNETES_UNREACHABLE', { url: '', reason: '' });
    cluster.view.setState({ is: 'disconnected', since: fakeNow - 5000, problem });
    expect(cluster.view.list('Pod')).toMatchObject({ age: 5000, asOf: fakeNow - 5000 });
  });
});
