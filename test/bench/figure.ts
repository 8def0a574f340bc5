/** One measured thing, ours beside its baseline of the same run. */
export interface Figure {
  /** What was measured, in a few words: `latency, one at a time, p95`. */
  readonly name: string;
  readonly unit: 'ms' | 'MB' | 'µs' | 'count';
  readonly ours: number;
  /** What the same costs without us; `null` where nothing can be compared. */
  readonly baseline: number | null;
  /** Where it was told from pairs (`pairedRatio`), else it is ours over baseline. */
  readonly ratio?: number;
  /** What must hold; figures without one are there to be known. */
  readonly targets: readonly Target[];
  /** How often, and what else is needed to judge the number. */
  readonly note: string;
}

/** `ratio`: ours at most so many times the baseline. `most`: ours at most so much, in its unit. */
export type Target =
  | { readonly kind: 'ratio'; readonly atMost: number }
  | { readonly kind: 'most'; readonly atMost: number };

/** Ours over baseline; `null` where there is none. */
export const ratioOf = ({ ours, baseline, ratio }: Figure): number | null =>
  ratio ?? (baseline === null || baseline === 0 ? null : ours / baseline);

/** The targets that this figure misses. */
export const missed = (figure: Figure): Target[] =>
  figure.targets.filter((target) => {
    const measured = target.kind === 'ratio' ? ratioOf(figure) : figure.ours;
    // A ratio without a baseline could not be measured, so nothing shows that it holds.
    return measured === null || !(measured <= target.atMost);
  });

/** A target in words: `≤ 1.3×`, `≤ 130 MB`. */
export const targetText = ({ unit }: Figure, target: Target): string =>
  target.kind === 'ratio' ? `≤ ${target.atMost}×` : `≤ ${target.atMost} ${unit}`;
