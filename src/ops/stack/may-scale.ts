import type { WordKey } from '../../core/words/index.ts';
import type { ComponentKind } from './component-kind.ts';

/** Orders chart versions such as `26.8.2-dev` by their numbers; what is no number counts as 0. */
export function compareVersions(one: string, other: string): number {
  const numbers = (version: string): readonly number[] =>
    (version.replace(/^v/, '').split(/[-+]/)[0] ?? '')
      .split('.')
      .map((part) => Number.parseInt(part, 10) || 0);
  const [a, b] = [numbers(one), numbers(other)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Why there must not be more than one pod of this component; null: there may be. `chart`: version of
 * the installed chart; null: unknown, then the newest rule counts, which is the careful one.
 */
export function whySingle(kind: ComponentKind, chart: string | null): WordKey | null {
  const { scaling } = kind;
  switch (scaling.is) {
    case 'free':
      return null;
    case 'single':
      return scaling.why;
    case 'single-from':
      return chart !== null && compareVersions(chart, scaling.chart) < 0 ? null : scaling.why;
    default:
      return scaling satisfies never;
  }
}
