import { masked } from '../../core/mask.ts';

/**
 * What the chart's job `init-secrets` makes up, as it would stand alone in a text: 32 letters and
 * digits (`rand32`: passwords of the databases, shared secrets, LiveKit's) or 32 bytes in hex
 * (`hex32`, lower case: MAS's encryption secret). Source: matrix-tools 0.8.1, `internal/pkg/secret`.
 */
const candidates = /(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9]{32}|[0-9a-f]{64})(?![A-Za-z0-9+/_=-])/g;

/** Before a digest, which is no secret: `sha256:…`. */
const digest = /(?:sha256|digest|md5)[:=]$/i;

/** Changes between capitals, small letters and digits that a made-up value has at least: 1 in 2000 has fewer. */
const fewestChanges = 10;

const kindOf = (character: string): 'digit' | 'capital' | 'small' =>
  character <= '9' ? 'digit' : character <= 'Z' ? 'capital' : 'small';

/** No word, no number, and no hex (digests, trace ids), which has no capitals beside small letters. */
function isMadeUp(text: string): boolean {
  if (!/[A-Z]/.test(text) || !/[a-z]/.test(text)) return false;
  let changes = 0;
  for (let at = 1; at < text.length; at += 1) {
    if (kindOf(text.charAt(at)) !== kindOf(text.charAt(at - 1))) changes += 1;
  }
  return changes >= fewestChanges;
}

/**
 * Masks what has the shape of the chart's own generated values. It is what is left where our identity
 * may not read the release's Secrets, and so can't know them.
 */
export function maskGenerated(text: string): string {
  return text.replace(candidates, (found: string, at: number) => {
    if (found.length === 64) {
      return digest.test(text.slice(Math.max(0, at - 10), at)) ? found : masked;
    }
    return isMadeUp(found) ? masked : found;
  });
}
