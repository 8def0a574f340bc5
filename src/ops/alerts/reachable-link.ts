/** An address as Alertmanager knows it, and the same as people reach it. */
export interface LinkRule {
  readonly from: string;
  readonly to: string;
}

/** Longer ones are of no use on a phone. */
const longestLink = 1000;

/**
 * A link that people can follow, or null: only http and https, without a name or password in it, its
 * beginning put right by the first rule that fits.
 */
export function reachableLink(link: string, rules: readonly LinkRule[]): string | null {
  const rule = rules.find(({ from }) => link === from || link.startsWith(`${from}/`));
  const wanted = rule === undefined ? link : rule.to + link.slice(rule.from.length);
  if (wanted.length > longestLink || !URL.canParse(wanted)) return null;
  const url = new URL(wanted);
  if (!['http:', 'https:'].includes(url.protocol)) return null;
  return url.username === '' && url.password === '' ? url.href : null;
}
