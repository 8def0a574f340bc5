import type { BotHealth, Capabilities } from '../../../../../src/commands/capabilities.ts';
import { AppError } from '../../../../../src/core/errors.ts';
import { parseUserId } from '../../../../../src/core/ids.ts';
import type { ReportNode } from '../../../../../src/core/report.ts';
import type { DiskReport } from '../../../../../src/ops/disk/disk.ts';
import type { Gauges } from '../../../../../src/ops/gauges/gauges.ts';
import { noGauges } from '../../../../../src/ops/gauges/no-gauges.ts';
import { noCluster } from '../../../../../src/ops/stack/no-cluster.ts';
import type { EndpointName } from '../../../../../src/platform/endpoints/endpoint.ts';
import type { FakeCluster } from '../../../../fakes/cluster.ts';
import { fakeNow } from '../../../../fakes/cluster.ts';
import { wellAnswers, type Answers } from '../../../../integration/kubernetes/see/stack-stub.ts';
import { FakeClock } from '../../dispatch/fake-clock.ts';
import { surroundings } from './cluster-stage.ts';

/** ms. */
export const day = 86_400_000;

/** A disk with room. */
export const wellDisk: DiskReport = {
  storage: {
    is: 'seen',
    path: '/data',
    fileSystem: { mountPoint: '/', totalBytes: 100e9, freeBytes: 60e9, freeFiles: 0.9 },
  },
  level: 'fine',
  daysUntilFull: null,
  databases: [{ name: 'synapse', bytes: 2e9 }],
  mediaBytes: 3e9,
  connections: { used: 10, most: 100 },
  measuredAt: fakeNow - 60_000,
};

/** Gauges whose endpoints answer from a table; what is not in it is not there. */
export function gaugesWith(answers: Answers, rest: Partial<Gauges> = {}): Gauges {
  return {
    ...noGauges,
    isConfigured: true,
    endpoints: {
      has: () => true,
      ask: (name: EndpointName, { path }) => {
        const answer = answers[path];
        if (answer === undefined || answer === 'silent') {
          const params = { name, url: 'http://x', reason: 'nobody is there' };
          return Promise.reject(new AppError('E_ENDPOINT_UNREACHABLE', params));
        }
        const [code, body] = answer;
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        return Promise.resolve({ status: code, text, headers: {}, way: 'config', tookMs: 3 });
      },
      close: () => undefined,
    },
    neighbours: () => Promise.resolve([{ is: 'absent', name: 'Prometheus' }]),
    disk: () => Promise.resolve(wellDisk),
    apiCertificate: () =>
      Promise.resolve({
        ...{ host: 'k:6443', issuer: 'k3s-server-ca' },
        ...{ notBefore: fakeNow - 100 * day, notAfter: fakeNow + 265 * day },
      }),
    ...rest,
  };
}

const botHealth: BotHealth = {
  snapshot: () =>
    Promise.resolve({
      ...{ version: '1', startedAt: fakeNow - 9000, lastSyncAt: fakeNow, inboxPending: 0 },
      homeserver: { url: 'http://hs', reachable: true, version: '1', adminProblem: null },
      ...{ auditFault: null, keysLost: false, recoveryKey: { state: 'none' } },
      outbox: { queued: 0, oldestAgeMs: 0 },
      store: { bytes: 1, freeBytes: 1, writable: true },
    }),
};

/** What a command that sees gets. Null: the config names no cluster. */
export function contextOf(cluster: FakeCluster | null, gauges: Gauges) {
  const unused = (): never => {
    throw new Error('nobody needs that here');
  };
  const serverName = 'example.org';
  const identity: Capabilities['identity'] = {
    ...{ version: '0', serverName, botUser: parseUserId('@urtc:example.org') },
  };
  return {
    ...surroundings(),
    ...{ gauges, identity, health: botHealth, clock: new FakeClock(fakeNow) },
    healing: {
      snapshot: () => ({ isOn: false, paused: null, stopped: [] }),
      ...{ pause: unused, resume: unused },
    },
    kubernetes: cluster ?? noCluster,
    jobs: { list: () => [], find: unused, assertCancellable: unused, cancel: unused },
  };
}

/** Answers of a stack that is well; the clock stands in the past. */
export const well = (): Answers => wellAnswers('example.org');

/** Rows of a table in some nodes. */
export const table = (nodes: readonly ReportNode[], id: string) =>
  nodes.flatMap((node) => (node.type === 'table' && node.id === id ? node.rows : []));
