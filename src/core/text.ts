import type { WordKey } from './words/index.ts';

/** A point in time, ms since the epoch; rendered in the reader's language. */
export interface Moment {
  readonly moment: number;
}
/** A length of time in ms; rendered as "3 min 20 s" in the reader's language. */
export interface Span {
  readonly span: number;
}
/** A size in bytes; rendered as "1.2 MB". */
export interface Size {
  readonly bytes: number;
}

/**
 * An address that we made ourselves, to be followed: a link where the surface has links. Never for
 * what came from outside, which must not pose as one.
 */
export interface Link {
  readonly link: string;
}

/** A key of the word catalogue with the values that its placeholders take. */
export interface Phrase {
  readonly key: WordKey;
  readonly params?: Readonly<Record<string, Value>>;
}

/** What a placeholder or a cell may hold. A bare string is data: never translated, never markup. */
export type Value = string | number | boolean | null | Moment | Span | Size | Link | Phrase;

/** What a person reads: words from the catalogue, or a value that has no language. */
export type Text = Value;

/** Short form of a {@link Phrase}. */
export function say(key: WordKey, params?: Readonly<Record<string, Value>>): Phrase {
  return params === undefined ? { key } : { key, params };
}
