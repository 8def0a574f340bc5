/**
 * What a reader can't see and what steers what he sees: controls, bidirectional marks (Unicode UAX
 * #9), invisible formats, separators, lone surrogates. The joiner stays: emoji and scripts need it.
 */
const unseen = /(?!\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Data as a part of one line of plain text: it can't begin a line of its own, nor a header. */
export function plainLine(text: string): string {
  return text.replace(unseen, ' ').replace(/ {2,}/g, ' ').trim();
}

/** At most `bytes` of UTF-8, cut between characters; what was cut ends in `…`. */
export function cutToBytes(text: string, bytes: number): string {
  const room = new Uint8Array(bytes);
  const encoder = new TextEncoder();
  if (encoder.encodeInto(text, room).read === text.length) return text;
  const { read } = encoder.encodeInto(text, room.subarray(0, Math.max(0, bytes - 3)));
  return `${text.slice(0, read)}…`;
}
