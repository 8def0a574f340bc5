/** What self-healing does, from the mildest on. `pod`: its controller makes the one pod anew. */
export const rungs = ['pod', 'workload'] as const;
/** One of {@link rungs}. */
export type Rung = (typeof rungs)[number];

/** Why a trouble is left to people. */
export const reasonsToLeave = ['protected', 'never-worked', 'budget', 'repeat'] as const;
/** One of {@link reasonsToLeave}. */
export type LeaveReason = (typeof reasonsToLeave)[number];

/** Numbers of the ladder, moments in ms. */
export const ladderLimits = {
  /** Most actions at one component within {@link hourMs}, whatever became of them. */
  mostPerHour: 3,
  hourMs: 60 * 60_000,
  /** What comes back within this time is the same trouble: it goes on where it was on the ladder. */
  memoryMs: 24 * 60 * 60_000,
  /** After an action as many times the time that a trouble must last: a restart takes a while. */
  patience: 3,
} as const;

/** One thing that was done (or begun) before, at the same component. */
export interface Taken {
  /** ms since the epoch. */
  readonly at: number;
  readonly identity: string;
  readonly rung: Rung;
  /** Of the workload, as it was then. */
  readonly revision: string | null;
  /** Whether it was carried out, as far as is known. */
  readonly done: boolean;
}

/** All that a decision is made from. Moments are ms since the epoch. */
export interface LadderInput {
  /** The trouble's own name; the same again is the same trouble. */
  readonly identity: string;
  /** Since when it was seen without a break. */
  readonly since: number;
  /** The component is never restarted unasked. */
  readonly isProtected: boolean;
  /** The ladder has come to its end at this component, and nobody has let it go on since. */
  readonly isStopped: boolean;
  /** Whether the pod that has the trouble was ready once. */
  readonly workedBefore: boolean;
  readonly revision: string | null;
  /** When its workload was last told to restart, by whomever; null: never, or unknown. */
  readonly restartedAt: number | null;
  /** What was done at this component before, in any order. */
  readonly taken: readonly Taken[];
  /** When a person last said that it may go on; null: never. */
  readonly resumedAt: number | null;
  /** How long a trouble must last before anything is done, ms. */
  readonly afterMs: number;
  readonly now: number;
}

/** What is next for a trouble. */
export type Decision =
  | { readonly is: 'act'; readonly rung: Rung }
  /** Too young, or what was done has not had its time. */
  | { readonly is: 'wait'; readonly until: number }
  /** Nothing is done: a person has to look, or (`budget`) an hour has to pass. */
  | { readonly is: 'leave'; readonly why: LeaveReason };

/**
 * The next rung for a trouble that a restart can cure (issue #5): its pod once, its workload once, and
 * then it stops until a person lets it go on; never more than three times an hour at one component.
 * Pure: the same input, the same decision.
 */
export function nextOnLadder(input: LadderInput): Decision {
  const { identity, since, revision, restartedAt, resumedAt, now, afterMs } = input;
  const { mostPerHour, hourMs, memoryMs, patience } = ladderLimits;
  const leave = (why: LeaveReason): Decision => ({ is: 'leave', why });

  if (since + afterMs > now) return { is: 'wait', until: since + afterMs };
  if (input.isProtected) return leave('protected');

  const taken = [...input.taken].sort((one, other) => one.at - other.at);
  // What somebody has just restarted gets its time, whoever it was.
  const done = taken.filter((each) => each.done).map(({ at }) => at);
  const touched = Math.max(...done, restartedAt ?? Number.NEGATIVE_INFINITY);
  const settled = touched + patience * afterMs;
  if (settled > now) return { is: 'wait', until: settled };

  const last = taken
    .filter((each) => each.identity === identity)
    .filter(({ at }) => now - at < memoryMs && (resumedAt === null || at > resumedAt))
    .at(-1);
  if (input.isStopped || last?.rung === 'workload') return leave('repeat');
  // A pod that was never ready comes up the same way again. The one that the first rung has made was
  // not ready either; but its forerunner was, and nobody has changed anything since.
  const isOurs = last !== undefined && last.revision === revision;
  if (!input.workedBefore && !isOurs) return leave('never-worked');
  if (taken.filter(({ at }) => now - at < hourMs).length >= mostPerHour) return leave('budget');
  return { is: 'act', rung: last === undefined ? 'pod' : 'workload' };
}
