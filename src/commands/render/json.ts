import { errorCatalogue } from '../../core/error-catalogue.ts';
import type { Outcome, ReportNode } from '../../core/report.ts';
import type { Text } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import { problemBlock } from './problem.ts';
import { plainOf } from './runs.ts';

/** What `--json` prints one document of. */
export interface JsonAnswer {
  /** `user add`; null: the line could not be understood. */
  readonly command: string | null;
  readonly job: string | null;
  readonly outcome: Outcome;
  readonly nodes: readonly ReportNode[];
}

/** A value without language, or words: their stable key and their text in the reader's language. */
export type RawValue =
  string | number | boolean | null | { readonly key: string; readonly text: string };

/** One row of a table or block of fields, by id. */
export type RawRow = Readonly<Record<string, RawValue>>;

/**
 * The document. Additions may come, nothing is renamed or removed. Moments are ISO 8601 strings,
 * spans ms, sizes bytes. Data stands in it as it is; nothing is made fit for a screen but by escapes.
 */
export interface JsonDocument {
  readonly outcome: Outcome;
  readonly command: string | null;
  readonly job?: string;
  readonly title?: RawValue;
  /** Fields by id, revealed secrets included; a second field with the same id is `id_2`. */
  readonly fields: RawRow;
  /** Blocks of fields that have an id of their own, each a list since blocks may repeat. */
  readonly groups: Readonly<Record<string, readonly RawRow[]>>;
  /** Rows by table id. */
  readonly tables: Readonly<Record<string, readonly RawRow[]>>;
  /** All other text, in order. */
  readonly text: readonly {
    readonly type: 'outcome' | 'title' | 'paragraph' | 'hint' | 'list' | 'code';
    readonly value: RawValue | readonly RawValue[];
  }[];
  /** Files, whole. */
  readonly files: readonly {
    readonly name: string;
    readonly mimetype: string;
    readonly base64: string;
    /** What a picture shows: values of 0 to 1 by line, oldest first. */
    readonly lines?: Readonly<Record<string, readonly number[]>>;
  }[];
  /** What went wrong and what to do next, where it ended with an error of the catalogue (the
   * first one, if several are told; all stand in `text`). */
  readonly error?: { readonly code: string; readonly message: string; readonly next: string };
}

function raw(value: Text, language: Language): RawValue {
  if (value === null || typeof value !== 'object') return value;
  if ('moment' in value) {
    const date = new Date(value.moment);
    return Number.isNaN(date.getTime()) ? null : date.toISOString();
  }
  if ('span' in value) return value.span;
  if ('bytes' in value) return value.bytes;
  if ('link' in value) return value.link;
  return { key: value.key, text: textOf(value, language) };
}

function textOf(text: Text, language: Language): string {
  return plainOf(text, language, 'terminal', (data) => data);
}

/** The code of the catalogue that a text is about, if it is about one. */
function errorCodeOf(text: Text): string | null {
  if (text === null || typeof text !== 'object' || !('key' in text)) return null;
  return Object.hasOwn(errorCatalogue, text.key) ? text.key : null;
}

/** A record whose names come from code that may use one twice: `id`, `id_2`, … */
class Row {
  readonly #values = new Map<string, RawValue>();

  set(id: string, value: RawValue): void {
    let name = id;
    for (let nth = 2; this.#values.has(name); nth += 1) name = `${id}_${nth}`;
    this.#values.set(name, value);
  }

  get record(): RawRow {
    return Object.fromEntries(this.#values);
  }
}

function append(into: Map<string, RawRow[]>, id: string, rows: readonly RawRow[]): void {
  into.set(id, [...(into.get(id) ?? []), ...rows]);
}

/** The answer as the documented shape. */
export function jsonDocument(answer: JsonAnswer, language: Language): JsonDocument {
  const fields = new Row();
  const groups = new Map<string, RawRow[]>();
  const tables = new Map<string, RawRow[]>();
  const text: JsonDocument['text'][number][] = [];
  const files: JsonDocument['files'][number][] = [];
  let title: RawValue | undefined;
  let error: { code: string; message: string; next: string } | undefined;
  for (const node of answer.nodes) {
    switch (node.type) {
      case 'title':
        if (title === undefined) title = raw(node.text, language);
        else text.push({ type: node.type, value: raw(node.text, language) });
        break;
      case 'outcome': {
        text.push({ type: node.type, value: raw(node.text, language) });
        const code = errorCodeOf(node.text);
        if (code !== null) error ??= { code, message: textOf(node.text, language), next: '' };
        break;
      }
      case 'hint':
        text.push({ type: node.type, value: raw(node.text, language) });
        if (error?.next === '') error.next = textOf(node.text, language);
        break;
      case 'paragraph':
        text.push({ type: node.type, value: raw(node.text, language) });
        break;
      case 'fields': {
        if (node.id === problemBlock) break;
        const row = node.id === undefined ? fields : new Row();
        for (const field of node.fields) row.set(field.id, raw(field.value, language));
        if (node.id !== undefined) append(groups, node.id, [row.record]);
        break;
      }
      case 'table': {
        const rows = node.rows.map((cells) => {
          const row = new Row();
          for (const [at, column] of node.columns.entries()) {
            row.set(column.id, raw(cells[at] ?? null, language));
          }
          return row.record;
        });
        append(tables, node.id, rows);
        if (rows.length === 0 && node.none !== undefined) {
          text.push({ type: 'paragraph', value: raw(node.none, language) });
        }
        break;
      }
      case 'list':
        text.push({ type: node.type, value: node.items.map((item) => raw(item, language)) });
        break;
      case 'code':
        text.push({ type: node.type, value: node.content });
        break;
      case 'file': {
        const base64 = Buffer.from(node.content).toString('base64');
        const lines = node.picture?.lines.map(({ id, values }) => [id, values] as const);
        const numbers = lines === undefined ? {} : { lines: Object.fromEntries(lines) };
        files.push({ name: node.name, mimetype: node.mimetype, base64, ...numbers });
        break;
      }
      case 'secret':
        fields.set(node.id, node.value.reveal());
        break;
      default:
        node satisfies never;
    }
  }
  return {
    outcome: answer.outcome,
    command: answer.command,
    ...(answer.job === null ? {} : { job: answer.job }),
    ...(title === undefined ? {} : { title }),
    fields: fields.record,
    groups: Object.fromEntries(groups),
    tables: Object.fromEntries(tables),
    text,
    files,
    ...(error === undefined ? {} : { error }),
  };
}

/** Printable as it is in a JSON string, but steers a terminal or the reading order. */
const steering = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** One line of JSON and a line break; the same value as the document, safe to print on a terminal. */
export function renderJson(answer: JsonAnswer, language: Language): string {
  const line = JSON.stringify(jsonDocument(answer, language));
  return `${line.replace(
    steering,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`;
}
