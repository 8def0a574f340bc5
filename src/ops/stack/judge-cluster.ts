import type { Claim, ClusterNode } from '../../platform/kubernetes/port.ts';
import type { StackCertificate } from './certificate.ts';
import type { Judged, NodeProblem } from './problem.ts';

const day = 86_400_000;

const pressures = {
  MemoryPressure: 'memory',
  DiskPressure: 'disk',
  PIDPressure: 'processes',
  NetworkUnavailable: 'network',
} as const satisfies Record<string, Extract<NodeProblem, { is: 'node-pressure' }>['what']>;

function isPressure(type: string): type is keyof typeof pressures {
  return Object.hasOwn(pressures, type);
}

/** What is wrong with a node. */
export function judgeNode(node: ClusterNode): readonly Judged[] {
  const subject = { is: 'node', name: node.name } as const;
  const found: Judged[] = [];
  for (const { type, status, message, since } of node.conditions) {
    // Unknown: its kubelet has not been heard of.
    if (type === 'Ready' && status !== 'True') {
      found.push({ level: 'broken', subject, problem: { is: 'node-down', message, since } });
    } else if (isPressure(type) && status === 'True') {
      const what = pressures[type];
      const problem = { is: 'node-pressure', what, message, since } as const;
      found.push({ level: 'broken', subject, problem });
    }
  }
  if (node.unschedulable) {
    found.push({ level: 'warning', subject, problem: { is: 'node-closed' } });
  }
  return found;
}

/** local-path makes a volume only for a pod that wants it; that takes no longer. ms. */
const claimPatienceMs = 2 * 60_000;

/** What is wrong with a claim. */
export function judgeClaim(claim: Claim, now: number): readonly Judged[] {
  const subject = { is: 'claim', name: claim.name } as const;
  const { createdAt: since } = claim;
  if (claim.phase === 'Lost') return [{ level: 'broken', subject, problem: { is: 'claim-lost' } }];
  if (claim.phase === 'Bound') return [];
  const level = now - since > claimPatienceMs ? 'broken' : 'starting';
  return [{ level, subject, problem: { is: 'claim-pending', since } }];
}

/**
 * What is wrong with a certificate. It is near its end by the fraction of its life that is left, as
 * lives differ from 160 hours to 90 days (and a third is when it should be renewed).
 */
export function judgeCertificate(certificate: StackCertificate, now: number): readonly Judged[] {
  const { name, notBefore, notAfter, renewalAt, ready, issuing } = certificate;
  const subject = { is: 'certificate', name } as const;
  const found: Judged[] = [];
  if (notAfter !== null && notAfter <= now) {
    found.push({
      level: 'broken',
      subject,
      problem: { is: 'certificate-expired', at: notAfter },
    });
  } else if (notAfter !== null && notAfter - now < expiryMarginMs(notBefore, notAfter)) {
    const problem = { is: 'certificate-expiring', at: notAfter, renewalAt } as const;
    found.push({ level: 'warning', subject, problem });
  }
  if (ready?.status !== 'True') {
    const { reason, message, since } = issuing ?? ready ?? nothing;
    // One that was never issued is what a host has no answer for.
    const level = notAfter === null && issuing === null ? 'broken' : 'warning';
    found.push({
      level,
      subject,
      problem: { is: 'certificate-not-ready', reason, message, since },
    });
  }
  return found;
}

const nothing = { reason: null, message: null, since: null } as const;

/** A fifth of the life: well after the renewal that should have been. 14 days where it is unknown. */
export function expiryMarginMs(notBefore: number | null, notAfter: number): number {
  return notBefore === null ? 14 * day : (notAfter - notBefore) / 5;
}
