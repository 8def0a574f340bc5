import { cutToBytes, plainLine } from './plain.ts';

/** A message out of band: plain text, bounded, of one line breaks only where we put them. */
export interface Note {
  /** Names the message; a repeat has the same. Letters, digits and `-`. */
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  /** `trouble` should wake somebody, `relief` need not. */
  readonly urgency: 'trouble' | 'relief';
  readonly title: string;
  readonly text: string;
}

/** Bytes; a phone shows less. */
const longestTitle = 150;
/** Bytes: ntfy makes a file of more than 4096, Telegram refuses more than 4096 characters. */
const longestText = 3500;
const longestLine = 400;

/** Makes a message of lines; whatever stands in them is data. */
export function makeNote({
  title,
  lines,
  ...rest
}: Pick<Note, 'id' | 'at' | 'urgency' | 'title'> & { readonly lines: readonly string[] }): Note {
  const clean = lines.map((line) => cutToBytes(plainLine(line), longestLine));
  return {
    ...rest,
    title: cutToBytes(plainLine(title), longestTitle),
    text: cutToBytes(clean.join('\n'), longestText),
  };
}
