const dropped = new Set('\u200B\uFEFF\u2060\u00AD\u200E\u200F\u061C');
const joiner = /^[\u200C\u200D]$/u;
const selector = /^[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]$/u;
const shaped = /^[^\p{ASCII}\p{Z}\p{C}]$/u;
const keycap = /^[0-9#*]$/;
const hidden =
  /^[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]$/u;
const bidi = /^[\u202A-\u202E\u2066-\u2069]$/u;
const space = /^[\p{Zs}\t]$/u;
const lineBreak = /^[\r\n\u2028\u2029]$/u;

/** What becomes of one typed character. */
export type Fate = 'keep' | 'space' | 'break' | 'drop' | 'refuse';

/**
 * What may stand in a typed line. Phones and copied text bring characters that nobody sees, and a
 * line must read as it runs:
 *
 * - `space`: every Unicode space (NBSP, ideographic, …) and the tab are an ordinary space;
 * - `break`: CR, LF, CRLF, U+2028 and U+2029 are one line break;
 * - `drop`: marks that come along and change nothing (zero-width space, BOM, word joiner, soft
 *   hyphen, LRM, RLM, ALM), and joiners and variation selectors where they shape nothing;
 * - `refuse`: whatever could hide text or turn it round: bidirectional embeddings, overrides and
 *   isolates (CVE-2021-42574), tag characters, other default-ignorable characters, control
 *   characters, unpaired surrogates;
 * - `keep`: the rest. ZWJ, ZWNJ and variation selectors stay beside the letters and emoji that they
 *   shape (after RFC 5892 appendix A.1, A.2), so that Persian names and family emoji survive.
 *
 * `before` is the last kept character, empty at the start.
 */
export function fateOf(char: string, before: string): Fate {
  if (/^[!-~]$/.test(char)) return 'keep';
  if (space.test(char)) return 'space';
  if (lineBreak.test(char)) return 'break';
  if (dropped.has(char)) return 'drop';
  if (joiner.test(char)) return shaped.test(before) || selector.test(before) ? 'keep' : 'drop';
  if (selector.test(char)) return shaped.test(before) || keycap.test(before) ? 'keep' : 'drop';
  return hidden.test(char) || bidi.test(char) ? 'refuse' : 'keep';
}

/** `U+202E` for a character. */
export function codePointName(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
