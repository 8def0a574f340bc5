import type { Facts, PodLog } from '../../../../src/ops/doctor/facts.ts';
import type { Fact } from '../../../../src/ops/doctor/finding.ts';
import type { Neighbour } from '../../../../src/ops/stack/neighbours.ts';
import { readStack } from '../../../../src/ops/stack/stack.ts';
import { judgeStack } from '../../../../src/ops/stack/state.ts';
import type { OwnFile } from '../../../../src/platform/config/own-files.ts';
import type { FakeCluster } from '../../../fakes/cluster.ts';
import { fakeNow } from '../../../fakes/cluster.ts';
import { fakeRelease } from '../../../fakes/release.ts';
import { wellDisk } from '../../commands/nouns/cluster/see-stage.ts';

/** ms. */
export const day = 86_400_000;

/** A fact that was found out. */
export function known<Value>(value: Value): Fact<Value> {
  return { is: 'known', value };
}

/** A file of ours with a mode. */
export function ownFile(kind: OwnFile['kind'], path: string, mode: number): OwnFile {
  return { kind, path, state: { is: 'seen', mode } };
}

/** A log of one pod. */
export function podLog(...lines: readonly string[]): Fact<readonly PodLog[]> {
  return known([{ pod: 'ess-pod-0', container: 'main', lines }]);
}

/** cert-manager of this version, and nothing else beside the release. */
export function certManager(version: string): Fact<readonly Neighbour[]> {
  const name = 'cert-manager';
  return known([{ is: 'there', name, namespace: name, version, ready: 1, wanted: 1 }]);
}

/** A house in which all is well; `change` breaks the release. */
export function wellFacts(change: (cluster: FakeCluster) => void = () => undefined): Facts {
  const cluster = fakeRelease();
  change(cluster);
  return {
    ...{ now: fakeNow, serverName: 'example.org', start: null },
    own: known({
      ...{ startedAt: fakeNow - 9000, keysLost: false },
      homeserver: { url: 'http://hs', reachable: true, adminProblem: null },
    }),
    answers: known([{ id: 'mas', result: { is: 'ok', detail: 'https://account' }, tookMs: 3 }]),
    files: known([
      ownFile('config', '/etc/urtc/urtc.yaml', 0o644),
      ownFile('secret', '/etc/urtc/secrets/key', 0o640),
      ownFile('kubeconfig', '/etc/urtc/secrets/kubeconfig', 0o600),
      ownFile('data-folder', '/var/lib/urtc', 0o700),
      ownFile('data', '/var/lib/urtc/state.sqlite', 0o600),
      ownFile('folder', '/etc/urtc', 0o755),
      // There only the owner of a file may move it.
      ownFile('folder', '/tmp', 0o1777),
      { kind: 'secret', path: '/etc/urtc/secrets/none', state: { is: 'missing' } },
    ]),
    access: known({
      ...{ is: 'in', identity: 'system:serviceaccount:urtc:urtc-bot', version: 'v1.36.4+k3s1' },
      ...{ missing: [], excess: [] },
    }),
    state: known(judgeStack(readStack(cluster), fakeNow)),
    signingKeys: known({
      current: new Map([['ed25519:1', '3Z9gWwvYwJy4yC4pYp4LsbVmBBwxA1pDnYGcDbpl8dI']]),
      old: new Map([['ed25519:0', 'x1YFkPUwoKBnS69Yfxhpjc5Y8cd2nLPElJFdqCcJk4E']]),
    }),
    wellKnown: known({ status: 200, foci: ['https://mrtc.example.org:8443'] }),
    logs: {
      'rtc-auth': podLog('Got Matrix user info', 'Room created'),
      postgres: podLog('checkpoint complete'),
      synapse: podLog('Processed request'),
    },
    sfuCrashes: known([]),
    sfuAddress: known({ useExternalIp: true, nodeIp: null }),
    entryAddress: '10.43.0.20',
    apiCertificate: known({
      ...{ host: '127.0.0.1:6443', issuer: 'k3s-server-ca' },
      ...{ notBefore: fakeNow - 100 * day, notAfter: fakeNow + 265 * day },
    }),
    disk: known(wellDisk),
    neighbours: certManager('v1.21.2'),
    helm: known('v4.2.4'),
  };
}
