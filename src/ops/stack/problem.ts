import type { AppError } from '../../core/errors.ts';
import type { WordKey } from '../../core/words/index.ts';

/**
 * How bad it is, worst first: `broken`: people notice; `warning`: they are going to, or did;
 * `starting`: it is on its way and within its time; `fine`.
 */
export const levels = ['broken', 'warning', 'starting', 'fine'] as const;
/** One of {@link levels}. */
export type Level = (typeof levels)[number];

/** A container of a pod. */
export interface InContainer {
  readonly pod: string;
  readonly container: string;
}

/** How a container's last run ended. */
export interface LastEnd {
  /** `Error`, `OOMKilled`, …; null: unknown. */
  readonly reason: string | null;
  readonly exitCode: number | null;
  readonly at: number | null;
}

/** What can be wrong with a pod. Texts named `message` are the cluster's own words. */
export type PodProblem =
  | ({
      readonly is: 'crash-loop';
      readonly restarts: number;
      readonly last: LastEnd;
    } & InContainer)
  /** Killed for its memory, in the last day; `running`: it is up again. */
  | ({
      readonly is: 'out-of-memory';
      readonly at: number | null;
      readonly limitBytes: number | null;
      readonly restarts: number;
      readonly running: boolean;
    } & InContainer)
  | ({
      readonly is: 'image-pull';
      readonly image: string;
      readonly message: string | null;
    } & InContainer)
  /** It can't be made as it is described, mostly for a Secret or ConfigMap that is not there. */
  | ({ readonly is: 'config'; readonly message: string | null } & InContainer)
  /** No node takes it; the scheduler's words. */
  | {
      readonly is: 'unschedulable';
      readonly pod: string;
      readonly message: string | null;
      readonly since: number | null;
    }
  /** An init container, e.g. `db-wait`, does not come to its end. */
  | ({ readonly is: 'waits-at-start'; readonly since: number | null } & InContainer)
  /** It runs, and does not say that it is ready. */
  | ({ readonly is: 'not-ready'; readonly since: number | null } & InContainer)
  /** It ended with an error and was started again, in the last hour. */
  | ({ readonly is: 'restarted'; readonly restarts: number; readonly last: LastEnd } & InContainer)
  | { readonly is: 'evicted'; readonly pod: string; readonly message: string | null }
  /** It is being deleted, and not gone after its time. */
  | { readonly is: 'stuck-ending'; readonly pod: string; readonly since: number }
  /** Nothing of the above, and not running either. */
  | {
      readonly is: 'not-running';
      readonly pod: string;
      readonly phase: string;
      readonly reason: string | null;
      readonly since: number | null;
    };

/** What can be wrong with a component beyond its pods. */
export type WorkloadProblem =
  /** The controller gave the rollout up. */
  | { readonly is: 'rollout-stuck'; readonly message: string | null; readonly since: number | null }
  /** Pods are not even made, e.g. for a quota. */
  | { readonly is: 'no-pods'; readonly message: string | null; readonly since: number | null }
  | { readonly is: 'too-few'; readonly ready: number; readonly wanted: number }
  | { readonly is: 'switched-off' }
  | { readonly is: 'too-many'; readonly wanted: number; readonly why: WordKey };

/** What can be wrong with a node. */
export type NodeProblem =
  | { readonly is: 'node-down'; readonly message: string | null; readonly since: number | null }
  | {
      readonly is: 'node-pressure';
      readonly what: 'memory' | 'disk' | 'processes' | 'network';
      readonly message: string | null;
      readonly since: number | null;
    }
  | { readonly is: 'node-closed' };

/** What can be wrong with a claim for storage. */
export type ClaimProblem =
  { readonly is: 'claim-pending'; readonly since: number } | { readonly is: 'claim-lost' };

/** What can be wrong with a certificate. */
export type CertificateProblem =
  | { readonly is: 'certificate-expired'; readonly at: number }
  | { readonly is: 'certificate-expiring'; readonly at: number; readonly renewalAt: number | null }
  | {
      readonly is: 'certificate-not-ready';
      readonly reason: string | null;
      readonly message: string | null;
      readonly since: number | null;
    };

/** What can be wrong with the view itself. */
export type ViewProblem =
  | { readonly is: 'not-visible'; readonly kind: string; readonly problem: AppError }
  /** Not all was read yet, so nothing can be said of what is missing. */
  | { readonly is: 'unread' }
  /** The watches are cut: what is judged is of the past. */
  | { readonly is: 'unreachable' }
  | { readonly is: 'no-release' };

/** What something is wrong with. */
export type Subject =
  | { readonly is: 'component'; readonly key: string }
  /** A pod of the release that is of no component, e.g. of a job around an upgrade. */
  | { readonly is: 'pod'; readonly name: string }
  | { readonly is: 'node'; readonly name: string }
  | { readonly is: 'claim'; readonly name: string }
  | { readonly is: 'certificate'; readonly name: string }
  | { readonly is: 'release' };

/** Everything that can be wrong. */
export type Problem =
  PodProblem | WorkloadProblem | NodeProblem | ClaimProblem | CertificateProblem | ViewProblem;

/** A problem, with whom it concerns and how bad it is. */
export interface Judged {
  readonly level: Exclude<Level, 'fine'>;
  readonly subject: Subject;
  readonly problem: Problem;
}

/**
 * Names the trouble itself: the same as long as it is the same trouble, also when a Deployment's next
 * pod has it, so that a feed can tell it once.
 */
export function identityOf({ subject, problem }: Judged): string {
  const name = 'name' in subject ? subject.name : 'key' in subject ? subject.key : '';
  const part = 'container' in problem ? problem.container : 'what' in problem ? problem.what : '';
  return [subject.is, name, groupOf(problem), part].join('/');
}

/** A crash loop is told again and again as a restart in between; both are one trouble. */
function groupOf(problem: Problem): string {
  switch (problem.is) {
    case 'crash-loop':
    case 'restarted':
      return 'crash';
    case 'certificate-expired':
    case 'certificate-expiring':
      return 'certificate-end';
    case 'not-visible':
      return `not-visible ${problem.kind}`;
    default:
      return problem.is;
  }
}
