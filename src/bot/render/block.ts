/** How a stretch of text is marked in a message. `link`: the text is the address that it leads to. */
export type Mark = 'plain' | 'strong' | 'emphasis' | 'code' | 'link';

/** A stretch of text, made safe for reading, not yet escaped for HTML. */
export interface Span {
  readonly text: string;
  readonly mark: Mark;
}

/** One line; no line break in it. */
export type Line = readonly Span[];

/** A paragraph, heading, list or preformatted block: whole lines, so that it can be split between any two. */
export interface Block {
  readonly shape: 'paragraph' | 'heading' | 'list' | 'preformatted';
  readonly lines: readonly Line[];
}

/** A line in one mark. */
export function line(text: string, mark: Mark = 'plain'): Line {
  return [{ text, mark }];
}
