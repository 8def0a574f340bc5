import type { Secret } from './secret.ts';
import type { Text } from './text.ts';

/** How a command ended. `unknown`: the process died in between and the target can't tell. */
export type Outcome = 'ok' | 'warning' | 'refused' | 'failed' | 'unknown' | 'cancelled';

/** One label and its value; `id` is the stable name in JSON (`snake_case`). */
export interface Field {
  readonly id: string;
  readonly label: Text;
  readonly value: Text;
}

/** One column of a table; `id` is the stable name in JSON (`snake_case`). */
export interface Column {
  readonly id: string;
  readonly label: Text;
  readonly align?: 'left' | 'right';
}

/** What a renderer needs to show an image, or to do without it. */
export interface Picture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** What it shows, in words. */
  readonly alt: Text;
  /** The same as numbers of 0 to 1, oldest first, for who sees no pictures. */
  readonly lines: readonly {
    readonly id: string;
    readonly label: Text;
    readonly values: readonly number[];
  }[];
}

/**
 * The smallest piece of an answer. Commands yield these and never know where they are read;
 * renderers turn them into Matrix HTML + plain text, a terminal page or JSON.
 */
export type ReportNode =
  | { readonly type: 'title'; readonly text: Text }
  | {
      readonly type: 'outcome';
      readonly outcome: Outcome;
      readonly text: Text;
      /** Exit code on the terminal instead of the outcome's own, 1 to 125, e.g. a number of problems. */
      readonly exit?: number;
    }
  | { readonly type: 'paragraph'; readonly text: Text }
  | { readonly type: 'hint'; readonly text: Text }
  | { readonly type: 'fields'; readonly id?: string; readonly fields: readonly Field[] }
  | {
      readonly type: 'table';
      readonly id: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Text[])[];
      /** What is said where there are no rows. Missing: that there is nothing. */
      readonly none?: Text;
    }
  | { readonly type: 'list'; readonly items: readonly Text[] }
  /** Preformatted text, e.g. a usage line with a caret below it, or a log. `content` is data. */
  | { readonly type: 'code'; readonly content: string; readonly language?: string }
  | {
      readonly type: 'file';
      readonly name: string;
      readonly mimetype: string;
      readonly content: Uint8Array;
      /** An image that is shown where it is, not offered as a file. */
      readonly picture?: Picture;
    }
  /**
   * A revealed secret for its one reader, only from a command with `surface: 'terminal'`. Jobs, audit
   * and log never hold it; a renderer for rooms shows it as `[secret]`.
   */
  | {
      readonly type: 'secret';
      readonly id: string;
      readonly label: Text;
      readonly value: Secret<string>;
    };

/** What a running command yields, in reading order. */
export type Report = AsyncIterable<ReportNode>;
