import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import { identityOf, type Judged } from '../../../../src/ops/stack/problem.ts';
import { judgedText } from '../../../../src/ops/stack/problem-text.ts';
import { readStack } from '../../../../src/ops/stack/stack.ts';
import { judgeStack } from '../../../../src/ops/stack/state.ts';
import type { ContainerStatus, Pod } from '../../../../src/platform/kubernetes/port.ts';
import { FakeCluster, fakeNow } from '../../../fakes/cluster.ts';
import {
  fakeClaim,
  fakeCondition,
  fakeMeta,
  fakeNode,
  fakeStatus,
} from '../../../fakes/objects.ts';
import { chartLabels, fakeCertificate, fakeRelease } from '../../../fakes/release.ts';

const minute = 60_000;
const hour = 60 * minute;
const judge = (cluster: FakeCluster) => judgeStack(readStack(cluster), fakeNow);

function podOf(cluster: FakeCluster, name: string): Pod {
  const found = cluster.view.list('Pod').value.find((pod) => pod.name.startsWith(name));
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** Lets a container of a pod be like this. */
function withContainer(cluster: FakeCluster, pod: string, status: Partial<ContainerStatus>): void {
  const found = podOf(cluster, pod);
  const [first, ...others] = found.containers;
  const changed = { ...fakeStatus(first?.name ?? ''), ...status };
  const ready = changed.ready;
  const conditions = [
    fakeCondition('PodScheduled', 'True'),
    fakeCondition('Ready', ready ? 'True' : 'False', { since: fakeNow - 20 * minute }),
  ];
  cluster.view.put('Pod', { ...found, ready, conditions, containers: [changed, ...others] });
}

const ended = (reason: string, exitCode: number, finishedAt: number) =>
  ({
    is: 'terminated',
    reason,
    exitCode,
    finishedAt,
    message: null,
    signal: null,
    startedAt: null,
  }) as const;

const english = (judged: Judged | undefined) =>
  judged === undefined ? null : translate(judgedText(judged, fakeNow), 'en');
const chinese = (judged: Judged | undefined) =>
  judged === undefined ? null : translate(judgedText(judged, fakeNow), 'zh');

describe('a judged release (fake cluster)', () => {
  it('that is well has no problem', () => {
    const state = judge(fakeRelease({ workers: ['event-creator'] }));
    expect(state.level).toBe('fine');
    expect(state.problems).toEqual([]);
    expect(state.components.map(({ component }) => component.kind.key)[0]).toBe('postgres');
  });

  it('that is not there is broken', () => {
    const state = judge(new FakeCluster());
    expect(state.problems.map(({ problem }) => problem.is)).toEqual(['no-release']);
    expect(english(state.problems[0])).toContain('kubernetes.release');
  });

  it.each<[string, Partial<ContainerStatus>, string, string]>([
    [
      'a crash loop',
      {
        ready: false,
        restarts: 7,
        state: { is: 'waiting', reason: 'CrashLoopBackOff', message: null },
        last: ended('Error', 3, fakeNow - minute),
      },
      'broken',
      'MatrixRTC SFU (LiveKit): sfu in ess-matrix-rtc-sfu-5d9c7b8f6-x2x4z ends as soon as it starts (exit code 3 Error); started again 7 times.',
    ],
    [
      'killed for its memory, up again',
      { restarts: 1, last: ended('OOMKilled', 137, fakeNow - 2 * hour) },
      'warning',
      'MatrixRTC SFU (LiveKit): sfu in ess-matrix-rtc-sfu-5d9c7b8f6-x2x4z was killed 2 h ago for using too much memory (limit: without a limit of its own); it runs again.',
    ],
    [
      'killed for its memory, in a loop',
      {
        ready: false,
        restarts: 4,
        state: { is: 'waiting', reason: 'CrashLoopBackOff', message: null },
        last: ended('OOMKilled', 137, fakeNow - 48 * hour),
      },
      'broken',
      'MatrixRTC SFU (LiveKit): sfu in ess-matrix-rtc-sfu-5d9c7b8f6-x2x4z was killed for using too much memory (limit: without a limit of its own) and is down.',
    ],
    [
      'an image that is not there',
      {
        ready: false,
        image: 'registry.test/sfu:none',
        state: { is: 'waiting', reason: 'ImagePullBackOff', message: 'not found' },
      },
      'broken',
      'MatrixRTC SFU (LiveKit): the image registry.test/sfu:none for ess-matrix-rtc-sfu-5d9c7b8f6-x2x4z can not be fetched: not found',
    ],
    [
      'a Secret that is not there',
      {
        ready: false,
        state: {
          is: 'waiting',
          reason: 'CreateContainerConfigError',
          message: 'secret "x" not found',
        },
      },
      'broken',
      'MatrixRTC SFU (LiveKit): sfu in ess-matrix-rtc-sfu-5d9c7b8f6-x2x4z can not be made: secret "x" not found',
    ],
    [
      'never ready',
      { ready: false },
      'broken',
      'MatrixRTC SFU (LiveKit): sfu in ess-matrix-rtc-sfu-5d9c7b8f6-x2x4z has not been ready for 20 min.',
    ],
    [
      'started again lately',
      { restarts: 2, last: ended('Error', 1, fakeNow - 10 * minute) },
      'warning',
      'MatrixRTC SFU (LiveKit): sfu in ess-matrix-rtc-sfu-5d9c7b8f6-x2x4z ended 10 min ago (exit code 1 Error) and was started again; 2 times so far.',
    ],
  ])('says %s in words', (_name, status, level, text) => {
    const cluster = fakeRelease();
    withContainer(cluster, 'ess-matrix-rtc-sfu', status);
    const state = judge(cluster);
    expect(state.level).toBe(level);
    expect(state.problems).toHaveLength(1);
    expect(english(state.problems[0])).toBe(text);
    expect(chinese(state.problems[0])).toMatch(/[\u4e00-\u9fff]/);
    expect(state.components[0]?.component.kind.key).toBe('sfu');
  });

  it('does not hold an old restart or an end without error against anything', () => {
    const cluster = fakeRelease();
    withContainer(cluster, 'ess-haproxy', {
      restarts: 9,
      last: ended('Error', 1, fakeNow - 3 * hour),
    });
    withContainer(cluster, 'ess-element-web', {
      restarts: 1,
      last: ended('Completed', 0, fakeNow - minute),
    });
    expect(judge(cluster).problems).toEqual([]);
    expect(judge(cluster).components.find((each) => each.restarts === 9)).toBeDefined();
  });

  it('passes on why the scheduler takes no node', () => {
    const cluster = fakeRelease();
    const message = '0/1 nodes are available: 1 Insufficient memory.';
    const pod = podOf(cluster, 'ess-synapse-main');
    cluster.view.put('Pod', {
      ...{ ...pod, ready: false, phase: 'Pending', containers: [] },
      conditions: [fakeCondition('PodScheduled', 'False', { reason: 'Unschedulable', message })],
    });
    expect(english(judge(cluster).problems[0])).toBe(
      `Synapse: no node takes ess-synapse-main-0, since 1 h: ${message}`,
    );
  });

  it('gives a new pod its time, and says what it waits in after that', () => {
    const cluster = fakeRelease();
    const pod = podOf(cluster, 'ess-synapse-main');
    const starting = {
      ...pod,
      ready: false,
      phase: 'Pending',
      createdAt: fakeNow - 2 * minute,
      conditions: [fakeCondition('PodScheduled', 'True'), fakeCondition('Ready', 'False')],
      initContainers: [fakeStatus('db-wait', { ready: false })],
    } as const;
    cluster.view.put('Pod', starting);
    expect(judge(cluster).level).toBe('starting');
    cluster.view.put('Pod', { ...starting, createdAt: fakeNow - 7 * minute });
    expect(judge(cluster).level).toBe('broken');
    expect(english(judge(cluster).problems[0])).toContain('waited for 7 min in its step db-wait');
  });

  it('sees a rollout that is given up, a quota, too few, too many and none wanted', () => {
    const cluster = fakeRelease({ shape: 'valkey' });
    const change = (name: string, rest: object) => {
      const found = cluster.view.workloads({ name }).value[0];
      if (found === undefined) throw new Error(`there is no ${name}`);
      cluster.view.put(found.kind, { ...found, ...rest });
    };
    change('ess-element-web', {
      conditions: [
        fakeCondition('Progressing', 'False', {
          reason: 'ProgressDeadlineExceeded',
          message: 'timed out',
        }),
      ],
    });
    change('ess-element-admin', {
      ready: 0,
      conditions: [fakeCondition('ReplicaFailure', 'True', { message: 'exceeded quota' })],
    });
    change('ess-haproxy', { wanted: 3, ready: 2 });
    change('ess-synapse-main', { wanted: 2, ready: 2 });
    change('ess-matrix-rtc-sfu', { wanted: 0, ready: 0 });
    const { problems } = judge(cluster);
    expect(problems.map(({ problem, level }) => `${level} ${problem.is}`)).toEqual([
      ...['broken too-many', 'broken no-pods', 'warning too-few', 'warning switched-off'],
      'warning rollout-stuck',
    ]);
  });

  it('sees nodes, volumes and certificates, worst first', () => {
    const cluster = fakeRelease();
    cluster.view.put(
      'Node',
      fakeNode('node-1', {
        unschedulable: true,
        conditions: [
          fakeCondition('Ready', 'Unknown', { message: 'Kubelet stopped posting node status.' }),
          fakeCondition('DiskPressure', 'True', { message: 'low on imagefs' }),
        ],
      }),
    );
    const labels = chartLabels(cluster, 'hookshot', 'x', '1');
    cluster.view.put(
      'PersistentVolumeClaim',
      fakeClaim(fakeMeta('ess-hookshot', labels), { phase: 'Lost' }),
    );
    const soon = new Date(fakeNow + 17 * 24 * hour).toISOString();
    const begin = new Date(fakeNow - 73 * 24 * hour).toISOString();
    cluster.view.put(
      'Certificate',
      fakeCertificate(cluster, 'ess-synapse-certmanager-tls', ['matrix.example.org'], {
        status: { notBefore: begin, notAfter: soon },
        conditions: [
          fakeCondition('Ready', 'False', { reason: 'Failed', message: 'no TXT record' }),
        ],
      }),
    );
    const { problems } = judge(cluster);
    expect(problems.map(english)).toEqual([
      'node node-1: is not ready, since 1 h: Kubelet stopped posting node status.',
      'node node-1: runs out of disk: low on imagefs',
      'volume ess-hookshot: has lost its place on the disk.',
      'node node-1: takes no new pods (cordoned).',
      'certificate ess-synapse-certmanager-tls: ends in 17 d and was not renewed.',
      'certificate ess-synapse-certmanager-tls: is not ready, since 1 h: no TXT record',
    ]);
  });

  it('counts the end of a certificate by its life, from 160 hours to 90 days', () => {
    for (const days of [160 / 24, 45, 64, 90]) {
      const cluster = fakeRelease();
      const life = days * 24 * hour;
      const put = (left: number) => {
        cluster.view.put(
          'Certificate',
          fakeCertificate(cluster, 'ess-synapse-certmanager-tls', [], {
            status: {
              notBefore: new Date(fakeNow + left - life).toISOString(),
              notAfter: new Date(fakeNow + left).toISOString(),
            },
          }),
        );
        return judge(cluster).problems.map(({ problem }) => problem.is);
      };
      expect(put(life / 3)).toEqual([]);
      expect(put(life / 6)).toEqual(['certificate-expiring']);
      expect(put(-minute)).toEqual(['certificate-expired']);
    }
  });

  it('sees the pod of a job around an upgrade, and not one that has done its work', () => {
    const cluster = fakeRelease();
    const labels = chartLabels(cluster, 'init-secrets', 'matrix-tools', '0.8.1');
    const pod = { ...podOf(cluster, 'ess-haproxy'), ...fakeMeta('ess-init-secrets-abcde', labels) };
    cluster.view.put('Pod', { ...pod, phase: 'Succeeded', ready: false });
    expect(judge(cluster).problems).toEqual([]);
    const state = { is: 'waiting', reason: 'ErrImagePull', message: 'denied' } as const;
    cluster.view.put('Pod', {
      ...{ ...pod, phase: 'Pending', ready: false },
      containers: [fakeStatus('init-secrets', { ready: false, state })],
    });
    expect(english(judge(cluster).problems[0])).toContain('pod ess-init-secrets-abcde: the image');
  });

  it('says what it may not see, with the missing rule', () => {
    const cluster = fakeRelease();
    const problem = new AppError('E_KUBERNETES_FORBIDDEN', {
      ...{ identity: 'bot', verb: 'list', resource: 'nodes', place: '', group: '' },
    });
    cluster.view.setState({ is: 'forbidden', problem }, ['Node']);
    const [first] = judge(cluster).problems;
    expect(first?.level).toBe('warning');
    expect(english(first)).toBe(
      'the release: not everything can be seen. bot may not list nodes: the rule for it is missing.',
    );
  });

  it('names a trouble the same when the next pod has it, and another container differently', () => {
    const judged = (pod: string, container: string): Judged => ({
      level: 'broken',
      subject: { is: 'component', key: 'sfu' },
      problem: { is: 'not-ready', pod, container, since: 0 },
    });
    expect(identityOf(judged('a-1', 'sfu'))).toBe(identityOf(judged('a-2', 'sfu')));
    expect(identityOf(judged('a-1', 'sfu'))).not.toBe(identityOf(judged('a-1', 'exporter')));
  });
});
