import { z } from 'zod';
import type { ReportNode } from '../../core/report.ts';
import { say, type Phrase, type Text, type Value } from '../../core/text.ts';
import type { WordKey } from '../../core/words/index.ts';

// A stored key may be older than the catalogue; renderers show an unknown key as it stands.
const wordKey = z.custom<WordKey>((value) => typeof value === 'string');
const phrase: z.ZodType<Phrase> = z.object({
  key: wordKey,
  params: z
    .record(
      z.string(),
      z.lazy(() => value),
    )
    .exactOptional(),
});
const value: z.ZodType<Value> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.object({ moment: z.number() }),
  z.object({ span: z.number() }),
  z.object({ bytes: z.number() }),
  z.object({ link: z.string() }),
  phrase,
]);
const outcome = z.enum(['ok', 'warning', 'refused', 'failed', 'unknown', 'cancelled']);
const field = z.object({ id: z.string(), label: value, value });
const column = z.object({
  id: z.string(),
  label: value,
  align: z.enum(['left', 'right']).exactOptional(),
});

const node: z.ZodType<ReportNode> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('title'), text: value }),
  z.object({
    type: z.literal('outcome'),
    outcome,
    text: value,
    exit: z.int().min(1).exactOptional(),
  }),
  z.object({ type: z.literal('paragraph'), text: value }),
  z.object({ type: z.literal('hint'), text: value }),
  z.object({ type: z.literal('fields'), id: z.string().exactOptional(), fields: z.array(field) }),
  z.object({
    type: z.literal('table'),
    id: z.string(),
    columns: z.array(column),
    rows: z.array(z.array(value)),
    none: value.exactOptional(),
  }),
  z.object({ type: z.literal('list'), items: z.array(value) }),
  z.object({
    type: z.literal('code'),
    content: z.string(),
    language: z.string().exactOptional(),
  }),
]);

/** A report out of a row. */
export const storedReport: z.ZodType<readonly ReportNode[]> = z.array(node);
/** An outcome out of a row. */
export const storedOutcome = outcome;

function paragraph(text: Text): ReportNode {
  return { type: 'paragraph', text };
}

function storable(each: ReportNode): ReportNode {
  switch (each.type) {
    case 'file':
      return paragraph(
        say('jobs.file-not-kept', { name: each.name, size: { bytes: each.content.byteLength } }),
      );
    case 'secret':
      return paragraph(say('jobs.secret-not-kept'));
    case 'title':
    case 'outcome':
    case 'paragraph':
    case 'hint':
    case 'fields':
    case 'table':
    case 'list':
    case 'code':
      return each;
    default:
      return each satisfies never;
  }
}

/**
 * A report as a job keeps it: files are left out (they are in the room or on the terminal, and the
 * store goes into every backup), secrets are never written; a line says so in their place.
 */
export function storableReport(report: readonly ReportNode[]): readonly ReportNode[] {
  return report.map(storable);
}
