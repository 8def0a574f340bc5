import type { AppError } from '../../core/errors.ts';
import type { ClusterView, WatchedKind } from '../../platform/kubernetes/port.ts';

/** How old what is shown is, and what can't be seen at all. */
export type DataState = {
  /** What our identity may not read, with the missing rule. */
  readonly forbidden: readonly { readonly kind: WatchedKind; readonly problem: AppError }[];
  /** Kinds that the cluster does not know, e.g. certificates without cert-manager. */
  readonly absent: readonly WatchedKind[];
  /** What was never read: that there is none of it is not known. */
  readonly unread: readonly WatchedKind[];
} & (
  | { readonly is: 'fresh' }
  /** Nothing was ever read; `problem`: what stands in the way, if that is known. */
  | { readonly is: 'nothing'; readonly problem: AppError | null }
  /** The watch is cut: all that is shown is as of then. `age` in ms. */
  | {
      readonly is: 'old';
      readonly asOf: number | null;
      readonly age: number | null;
      readonly problem: AppError;
    }
);

/** Kinds without which nothing can be said of the release. */
const needed: readonly WatchedKind[] = ['Deployment', 'StatefulSet', 'Pod'];

/** Sums the states of all watches up. */
export function dataOf(view: ClusterView): DataState {
  const states = view.states();
  const forbidden: { kind: WatchedKind; problem: AppError }[] = [];
  const absent: WatchedKind[] = [];
  const unread: WatchedKind[] = [];
  let cut: AppError | null = null;
  for (const [kind, state] of states) {
    switch (state.is) {
      case 'connected':
        break;
      case 'starting':
        if (view.list(kind).asOf === null) unread.push(kind);
        break;
      case 'forbidden':
        forbidden.push({ kind, problem: state.problem });
        break;
      case 'absent':
        absent.push(kind);
        break;
      case 'disconnected':
        cut ??= state.problem;
        if (view.list(kind).asOf === null) unread.push(kind);
        break;
      default:
        state satisfies never;
    }
  }
  const rest = { forbidden, absent, unread };
  const readings = needed.map((kind) => view.list(kind));
  const readable = readings.filter(({ watch }) => watch.is !== 'forbidden');
  // Half of it would look as if the rest were gone.
  if (readable.length === 0 || readable.some(({ asOf }) => asOf === null)) {
    return { ...rest, is: 'nothing', problem: cut ?? forbidden[0]?.problem ?? null };
  }
  if (cut === null) return { ...rest, is: 'fresh' };
  const oldest = readable
    .filter(({ watch }) => watch.is === 'disconnected')
    .sort((one, other) => (other.age ?? 0) - (one.age ?? 0))[0];
  // Another kind than those is cut: what is judged by is still of now.
  if (oldest === undefined) return { ...rest, is: 'fresh' };
  return { ...rest, is: 'old', asOf: oldest.asOf, age: oldest.age, problem: cut };
}
