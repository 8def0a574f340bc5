import { z } from 'zod';
import { type EventId, type JobId, parseEventId, parseJobId } from '../../core/ids.ts';

const decisions = ['allowed', 'refused', 'confirmed', 'cancelled', 'finished'] as const;

/** One line of the audit log. `line` has its secrets masked. */
export interface AuditEntry {
  readonly sequence: number;
  /** ms since the epoch. */
  readonly at: number;
  readonly actor: string;
  readonly event: EventId | null;
  readonly job: JobId | null;
  readonly line: string;
  readonly decision: (typeof decisions)[number];
  readonly result: string;
  readonly durationMs: number | null;
}

/** What is known before the line has its place in the chain. */
export type AuditDraft = Omit<AuditEntry, 'sequence'>;

/** Checks an entry that was read from the store. */
export const auditEntrySchema: z.ZodType<AuditEntry> = z.strictObject({
  sequence: z.int(),
  at: z.number(),
  actor: z.string(),
  event: z.string().transform(parseEventId).nullable(),
  job: z.string().transform(parseJobId).nullable(),
  line: z.string(),
  decision: z.enum(decisions),
  result: z.string(),
  durationMs: z.number().nullable(),
});

/** The state of the chain at one moment, kept outside the file: how many lines, hash of the last. */
export interface AuditAnchor {
  readonly count: number;
  /** Hex; 64 zeros where there is no line yet. */
  readonly hash: string;
}

/**
 * Result of checking the chain. `broken` names the first line that is not what was written: its
 * content (`hash`), its place (`order`) or its absence (`gap`). `cut`: lines that an anchor counts
 * are missing at the end.
 */
export type AuditVerdict =
  | { readonly state: 'intact'; readonly entries: number; readonly anchoredUpTo: number | null }
  | { readonly state: 'broken'; readonly sequence: number; readonly why: 'hash' | 'order' | 'gap' }
  | { readonly state: 'cut'; readonly entries: number; readonly anchored: number };
