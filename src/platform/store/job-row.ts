import { z } from 'zod';
import { parseEventId, parseJobId, parseRoomId, parseUserId } from '../../core/ids.ts';
import { jsonObjectSchema } from '../../core/json.ts';
import { ranks } from '../../core/roles.ts';
import { languages } from '../../core/words/index.ts';
import type { JobRecord, Origin } from './job.ts';
import { storedOutcome, storedReport } from './stored-report.ts';

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

const origin: z.ZodType<Origin> = z.discriminatedUnion('surface', [
  z.object({
    surface: z.literal('room'),
    room: z.string().transform(parseRoomId),
    event: z.string().transform(parseEventId),
    thread: z.string().transform(parseEventId).nullable(),
    sender: z.string().transform(parseUserId),
  }),
  z.object({ surface: z.literal('terminal'), session: z.string(), login: z.string() }),
]);

/** The columns of {@link jobRow}, under its names. */
export const columns = `sequence, id, origin, rank, language, line, command, input, dry_run AS dryRun,
  consent, facts, state, step, checkpoints, cancelled_by AS cancelledBy, outcome, report,
  created_at AS createdAt, started_at AS startedAt, changed_at AS changedAt, finished_at AS finishedAt`;

/** A job out of its row. */
export const jobRow: z.ZodType<JobRecord> = z.object({
  sequence: z.int(),
  id: z.string().transform(parseJobId),
  origin: json.pipe(origin),
  rank: z.enum(ranks),
  language: z.enum(languages),
  line: z.string(),
  command: z.string(),
  input: json.pipe(jsonObjectSchema),
  dryRun: z.number().transform((flag) => flag === 1),
  consent: z.enum(['needed', 'given']),
  facts: json.pipe(jsonObjectSchema).nullable(),
  state: z.enum(['waiting', 'queued', 'running', 'finished']),
  step: z.string().nullable(),
  checkpoints: json.pipe(jsonObjectSchema),
  cancelledBy: z.string().nullable(),
  outcome: storedOutcome.nullable(),
  report: json.pipe(storedReport).nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  changedAt: z.number(),
  finishedAt: z.number().nullable(),
});

/** `last_insert_rowid()`. */
export const idRow = z.object({ sequence: z.number() });
/** `count(*)`. */
export const countRow = z.object({ count: z.number() });
/** `max(changed_at)`. */
export const latestRow = z.object({ latest: z.number().nullable() });
