import type { Facts } from '../../../../src/ops/doctor/facts.ts';
import type { CheckId, Severity } from '../../../../src/ops/doctor/finding.ts';
import type { FakeCluster } from '../../../fakes/cluster.ts';
import { fakeStatus } from '../../../fakes/objects.ts';
import { wellFacts } from './well-facts.ts';

/** Something that is seen, and the finding that it has to come to. */
export interface Row {
  readonly name: string;
  /** Facts that are otherwise than where all is well. */
  readonly facts: Partial<Facts> | ((well: Facts) => Partial<Facts>);
  readonly cluster?: (cluster: FakeCluster) => void;
  readonly check: CheckId;
  readonly severity: Severity;
  /** What has to stand in what was seen, and in what to do. */
  readonly seen: string;
  readonly fix: string;
}

/** All that the doctor looks at where a row's trouble is. */
export const factsOf = ({ facts, cluster }: Row): Facts => {
  const well = wellFacts(cluster);
  return { ...well, ...(typeof facts === 'function' ? facts(well) : facts) };
};

/** What authorisers say that do not find the home server. */
export const lookupLine =
  'level=ERROR msg="OpenIDUserInfo: Failed to look up user info" err="dial tcp"';

/** One of the release's Ingresses. */
export const ingressOf = (cluster: FakeCluster, name: string) => {
  const found = cluster.view.get('Ingress', { name: `ess-${name}` }).value;
  if (found === null) throw new Error(`no Ingress ${name}`);
  return found;
};

/** The SFU ends as soon as it starts. */
export const crashing = (cluster: FakeCluster): void => {
  const pod = cluster.view.get('Pod', { name: 'ess-matrix-rtc-sfu-5d9c7b8f6-x2x4z' }).value;
  if (pod === null) throw new Error('no SFU');
  const state = { is: 'waiting', reason: 'CrashLoopBackOff', message: null } as const;
  const sfu = fakeStatus('sfu', { state, restarts: 4, ready: false });
  cluster.view.put('Pod', { ...pod, ready: false, containers: [sfu] });
};
