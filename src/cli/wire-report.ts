import { z } from 'zod';
import type { Picture, ReportNode } from '../core/report.ts';
import { Secret } from '../core/secret.ts';
import type { Text } from '../core/text.ts';
import { storedReport } from '../platform/store/stored-report.ts';

const file = z.object({
  type: z.literal('file'),
  name: z.string(),
  mimetype: z.string(),
  base64: z.base64(),
  picture: z
    .object({
      width: z.int(),
      height: z.int(),
      alt: z.unknown(),
      lines: z.array(z.object({ id: z.string(), label: z.unknown(), values: z.array(z.number()) })),
    })
    .optional(),
});

/** Let the stored form's schema judge a text that came over the wire. */
function textOf(raw: unknown): Text | undefined {
  const [carrier] = storedReport.safeParse([{ type: 'paragraph', text: raw }]).data ?? [];
  return carrier?.type === 'paragraph' ? carrier.text : undefined;
}

function pictureOf(raw: z.output<typeof file>['picture']): Picture | undefined {
  if (raw === undefined) return undefined;
  const alt = textOf(raw.alt);
  if (alt === undefined) return undefined;
  const lines = raw.lines.flatMap(({ id, label, values }) => {
    const text = textOf(label);
    return text === undefined ? [] : [{ id, label: text, values }];
  });
  return { width: raw.width, height: raw.height, alt, lines };
}

const secret = z.object({
  type: z.literal('secret'),
  id: z.string(),
  label: z.unknown(),
  reveal: z.string(),
});

/** Which kind of node it says it is. */
const typed = z.object({ type: z.string() });

function nodeOf(raw: unknown): ReportNode | undefined {
  const { type } = typed.safeParse(raw).data ?? {};
  if (type === 'file') {
    const asFile = file.safeParse(raw);
    if (!asFile.success) return undefined;
    const { base64, picture: drawn, ...rest } = asFile.data;
    const picture = pictureOf(drawn);
    const content = Buffer.from(base64, 'base64');
    return { ...rest, content, ...(picture === undefined ? {} : { picture }) };
  }
  if (type === 'secret') {
    const asSecret = secret.safeParse(raw);
    if (!asSecret.success) return undefined;
    const { id, label, reveal } = asSecret.data;
    // A label is a text like that of any other node; let the stored form's schema judge it.
    const [carrier] = storedReport.parse([{ type: 'paragraph', text: label }]);
    if (carrier?.type !== 'paragraph') return undefined;
    return { type: 'secret', id, label: carrier.text, value: new Secret(reveal) };
  }
  return storedReport.safeParse([raw], { jitless: true }).data?.[0];
}

/** Reads a report that came over a terminal socket: the stored form, and files and secrets whole. */
export const wireReport = z.array(z.unknown()).transform((list, context): ReportNode[] =>
  list.map((raw) => {
    const node = nodeOf(raw);
    if (node !== undefined) return node;
    context.addIssue({ code: 'custom', message: 'not a report node' });
    return z.NEVER;
  }),
);

/**
 * A report as plain JSON for a terminal socket. The one place where a secret of a report is
 * revealed: only the person at the other end of that socket gets it.
 */
export function toWire(report: readonly ReportNode[]): readonly unknown[] {
  return report.map((node) => {
    switch (node.type) {
      case 'file': {
        const { content, ...rest } = node;
        return { ...rest, base64: Buffer.from(content).toString('base64') };
      }
      case 'secret': {
        const { value, ...rest } = node;
        return { ...rest, reveal: value.reveal() };
      }
      default:
        return node;
    }
  });
}
