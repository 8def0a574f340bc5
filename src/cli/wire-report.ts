import { z } from 'zod';
import type { ReportNode } from '../core/report.ts';
import { Secret } from '../core/secret.ts';
import { storedReport } from '../platform/store/stored-report.ts';

const file = z.object({
  type: z.literal('file'),
  name: z.string(),
  mimetype: z.string(),
  base64: z.base64(),
});

const secret = z.object({
  type: z.literal('secret'),
  id: z.string(),
  label: z.unknown(),
  reveal: z.string(),
});

function nodeOf(raw: unknown): ReportNode | undefined {
  const asFile = file.safeParse(raw);
  if (asFile.success) {
    const { base64, ...rest } = asFile.data;
    return { ...rest, content: Buffer.from(base64, 'base64') };
  }
  const asSecret = secret.safeParse(raw);
  if (asSecret.success) {
    const { id, label, reveal } = asSecret.data;
    // A label is a text like that of any other node; let the stored form's schema judge it.
    const [carrier] = storedReport.parse([{ type: 'paragraph', text: label }]);
    if (carrier?.type !== 'paragraph') return undefined;
    return { type: 'secret', id, label: carrier.text, value: new Secret(reveal) };
  }
  return storedReport.safeParse([raw]).data?.[0];
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
