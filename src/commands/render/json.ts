import type { Json } from '../../core/json.ts';
import type { Outcome, ReportNode } from '../../core/report.ts';
import type { Language } from '../../core/words/index.ts';

/** What `--json` prints one document of. */
export interface JsonAnswer {
  /** `user add`; null: the line could not be understood. */
  readonly command: string | null;
  readonly job: string | null;
  readonly outcome: Outcome;
  readonly nodes: readonly ReportNode[];
}

/** A value without language, or `{key, text}` for words. */
export type RawValue =
  string | number | boolean | null | { readonly key: string; readonly text: string };

/**
 * The document. Additions may come, nothing is renamed or removed. Moments are ISO 8601 strings,
 * spans ms, sizes bytes.
 */
export interface JsonDocument {
  readonly outcome: Outcome;
  readonly command: string | null;
  readonly job?: string;
  readonly title?: RawValue;
  /** Fields by id. */
  readonly fields: Readonly<Record<string, RawValue>>;
  /** Blocks of fields that have an id of their own, each a list since blocks may repeat. */
  readonly groups: Readonly<Record<string, readonly Readonly<Record<string, RawValue>>[]>>;
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, RawValue>>[]>>;
  /** All other text, in order. */
  readonly text: readonly {
    readonly type: 'outcome' | 'title' | 'paragraph' | 'hint' | 'list' | 'code';
    readonly value: RawValue | readonly RawValue[];
  }[];
  readonly files: readonly {
    readonly name: string;
    readonly mimetype: string;
    readonly base64: string;
  }[];
  readonly error?: { readonly code: string; readonly message: string; readonly next: string };
}

/** One line of JSON and a line break; safe to print on a terminal. */
export function renderJson(answer: JsonAnswer, language: Language): string {
  const json: Json = [answer.command, language];
  throw new Error(`not written yet ${JSON.stringify(json)}`);
}
