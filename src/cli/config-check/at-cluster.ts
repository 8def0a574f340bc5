import { dirname } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { say } from '../../core/text.ts';
import { nameOfRight } from '../../ops/access/needed-rights.ts';
import { tryAccess } from '../../ops/access/try-access.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import { clusterOf } from '../../platform/config/config.ts';
import type { Settings } from '../../platform/config/schema.ts';
import { mistake, type Finding } from './finding.ts';
import { checkRelease } from './release.ts';

/** A check is made by a person who waits, ms. */
const timeoutMs = 10_000;

/** What goes wrong here is told as a finding. */
const silent: Log = {
  ...{ debug: () => undefined, info: () => undefined },
  ...{ warn: () => undefined, error: () => undefined, child: () => silent },
};

/**
 * Tries the way into the cluster that the settings name: whether it answers, accepts the identity,
 * allows what the commands need, and has the release. Changes nothing. `file`: absolute path of the
 * config.
 */
export async function checkAtCluster(
  file: string,
  settings: Settings,
): Promise<readonly Finding[]> {
  const cluster = clusterOf(settings, dirname(file));
  if (cluster === null) return [];
  const { openKubernetes } = await import('../../platform/kubernetes/open.ts');
  const kubernetes = openKubernetes({ ...cluster, clock, log: silent });
  try {
    const access = await tryAccess(kubernetes, AbortSignal.timeout(timeoutMs));
    if (access.is === 'refused') return [ofRefusal(access.problem)];
    const { identity, version, missing } = access;
    const release = await checkRelease(kubernetes, AbortSignal.timeout(2 * timeoutMs));
    if (missing.length === 0) {
      return [...release, { kind: 'note', text: say('config.cluster-in', { version, identity }) }];
    }
    const rights = missing.map(nameOfRight).join(', ');
    const text = say('access.missing', { identity, rights });
    return [...release, { kind: 'warning', text, next: say('access.missing.next') }];
  } catch (error) {
    if (!isTimeout(error)) throw error;
    const reason = say('kubernetes.tooSlow', { limit: { span: timeoutMs } });
    const url = await kubernetes.url();
    return [ofRefusal(new AppError('E_KUBERNETES_UNREACHABLE', { url, reason }))];
  } finally {
    await kubernetes.close();
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

/** Nobody there is no mistake of the config: the cluster may be down. */
function ofRefusal(problem: AppError): Finding {
  if (problem.code !== 'E_KUBERNETES_UNREACHABLE') return mistake(problem);
  const cause = say(problem.code, problem.params);
  const next = say(`${problem.code}.next`, problem.params);
  return { kind: 'warning', text: say('config.cluster-not-asked', { cause }), next };
}
