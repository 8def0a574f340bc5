/**
 * What data may hold that a reader can't see and that steers what he sees: C0 and C1 controls
 * (terminal sequences), soft hyphen and fillers, zero-width marks, bidirectional controls
 * (Unicode UAX #9 §2, "Trojan source"), line and paragraph separators, tags. Joiners and variation
 * selectors stay: emoji and several scripts need them. (With the `u` flag a surrogate matches only
 * where it is alone.)
 */
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\u{e0000}-\u{e00ff}]/gu;

/** `␛` for ESC (the block "control pictures"), `⟨U+202E⟩` for what has no picture. */
function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/**
 * Data for the middle of a line: every unseen character becomes a seen one, line breaks included, so
 * that data can't start a line of its own. Lone surrogates become `�`.
 */
export function visibleInline(data: string): string {
  return data.replace(unseen, picture);
}

/** The same for preformatted text: line feeds and tabs stay, CR LF becomes a line feed. */
export function visibleBlock(data: string): string {
  return data
    .replaceAll('\r\n', '\n')
    .replace(unseen, (character) =>
      character === '\n' || character === '\t' ? character : picture(character),
    );
}
