/** An address as Alertmanager knows it, and the same as people reach it; both without a `/` at the end. */
export interface LinkRule {
  readonly from: string;
  readonly to: string;
}

/** Longer ones are of no use on a phone. */
const longestLink = 1000;

/** A browser's way of writing it; null: only http and https, and without a name or password in it. */
function plainLink(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const { protocol, username, password, href } = new URL(link);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '' ? href : null;
}

/** Whether the link lies there: `http://a:90` is not the beginning of `http://a:9090/`. */
function isBelow(link: string, from: string): boolean {
  return link.startsWith(from) && ['', '/', '?', '#'].includes(link.charAt(from.length));
}

/**
 * A link that people can follow, or null: only http and https, without a name or password in it, its
 * beginning put right by the first rule that fits.
 */
export function reachableLink(link: string, rules: readonly LinkRule[]): string | null {
  const plain = link.length > longestLink ? null : plainLink(link);
  if (plain === null) return null;
  const rule = rules.find(({ from }) => isBelow(plain, from));
  const wanted = rule === undefined ? plain : plainLink(rule.to + plain.slice(rule.from.length));
  return wanted === null || wanted.length > longestLink ? null : wanted;
}
