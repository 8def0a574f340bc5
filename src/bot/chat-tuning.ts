import type { CatchUpLimits } from './sync/catch-up.ts';

/** Sizes and times of the Matrix side: tests make them small. */
export interface ChatTuning {
  readonly limits?: CatchUpLimits;
  readonly longPollMs?: number;
  readonly timelineLimit?: number;
  /** Most sends at the same time. */
  readonly window?: number;
  readonly staggerMs?: number;
}
