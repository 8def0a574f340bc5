import type { SupportedProduct } from '../../core/supported-versions.ts';
import { compareVersions } from '../stack/may-scale.ts';

const day = 86_400_000;
/** So long before its end a line is told to end, ms. */
const noticeMs = 60 * day;

/** How a version stands with those who make it. Moments in ms since the epoch. */
export type Support =
  | { readonly is: 'supported' }
  | { readonly is: 'ending'; readonly at: number }
  /** `at` null: older than anything that we know. */
  | { readonly is: 'ended'; readonly at: number | null }
  | { readonly is: 'newer'; readonly newest: string }
  /** It is no version, e.g. `latest`. */
  | { readonly is: 'unreadable' };

/** Reads `v1.36.4+k3s1` as the line `1.36`; null where it is no version. */
export function lineOf(version: string, numbers: number): string | null {
  const parts = /^v?(\d+(?:\.\d+)*)/.exec(version)?.[1]?.split('.') ?? [];
  return parts.length < numbers ? null : parts.slice(0, numbers).join('.');
}

/** Judges a found version by the product's lines. `now` in ms since the epoch. */
export function supportOf({ lines }: SupportedProduct, version: string, now: number): Support {
  const numbers = lines[0].line.split('.').length;
  const line = lineOf(version, numbers);
  if (line === null) return { is: 'unreadable' };
  const newest = lines.at(-1)?.line ?? lines[0].line;
  if (compareVersions(line, newest) > 0) return { is: 'newer', newest };
  const known = lines.find((each) => compareVersions(each.line, line) === 0);
  if (known === undefined) {
    // A line that is left out between two others counts as the older one.
    const isOlder = compareVersions(line, lines[0].line) < 0;
    return isOlder ? { is: 'ended', at: null } : { is: 'supported' };
  }
  if (known.until === null) return { is: 'supported' };
  // The last day itself still counts.
  const end = Date.parse(known.until) + day;
  if (now >= end) return { is: 'ended', at: end - day };
  return end - now <= noticeMs ? { is: 'ending', at: end - day } : { is: 'supported' };
}
