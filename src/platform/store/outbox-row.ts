import { z } from 'zod';
import { parseEventId, parseOutboxId, parseRoomId, parseUserId } from '../../core/ids.ts';
import type { EventId, OutboxId } from '../../core/ids.ts';
import { jsonObjectSchema } from '../../core/json.ts';
import { languages } from '../../core/words/index.ts';
import type { OutboxBody, OutboxItem, Priority } from './outbox.ts';
import { priorities } from './outbox.ts';

/** What became of a row. */
export type RowState = 'queued' | 'sent' | 'failed' | 'dropped';

/** A row's fate and, where it was sent, its event. */
export interface OutboxFate {
  readonly id: OutboxId;
  readonly state: RowState;
  readonly eventId: EventId | null;
}

const reference = z
  .string()
  .transform((text): EventId | OutboxId =>
    text.startsWith('$') ? parseEventId(text) : parseOutboxId(text),
  );

const bodySchema = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('event'),
      eventType: z.string(),
      content: jsonObjectSchema,
      thread: reference.optional(),
    })
    .transform(({ thread, ...rest }) => (thread === undefined ? rest : { ...rest, thread })),
  z.object({ kind: z.literal('edit'), target: reference, content: jsonObjectSchema }),
  z.object({ kind: z.literal('reaction'), target: reference, key: z.string() }),
  z.object({ kind: z.literal('redaction'), target: reference, reason: z.string() }),
  z.object({
    kind: z.literal('state'),
    eventType: z.string(),
    stateKey: z.string(),
    content: jsonObjectSchema,
  }),
  z.object({
    kind: z.literal('file'),
    name: z.string(),
    mimetype: z.string(),
    content: jsonObjectSchema,
  }),
  z.object({
    kind: z.literal('secret'),
    code: z.string(),
    person: z.string().transform(parseUserId),
    label: z.string(),
    language: z.enum(languages),
  }),
]);

const priorityOf = (rank: number): Priority => priorities[rank] ?? 'background';

/** A row as SQLite gives it, as the sender wants it. */
export const itemRow = z
  .object({
    sequence: z.int(),
    id: z.string().transform(parseOutboxId),
    transaction_id: z.string(),
    room_id: z.string().transform(parseRoomId),
    lane: z.string(),
    effective: z.int(),
    merge_key: z.string().nullable(),
    body: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(bodySchema),
    data: z.instanceof(Uint8Array).nullable(),
    queued_at: z.int(),
    attempts: z.int(),
    first_tried_at: z.int().nullable(),
  })
  .transform((row): OutboxItem => {
    const { data, body } = row;
    return {
      sequence: row.sequence,
      id: row.id,
      transactionId: row.transaction_id,
      room: row.room_id,
      lane: row.lane,
      priority: priorityOf(row.effective),
      body: body.kind === 'file' ? { ...body, data: data ?? new Uint8Array() } : body,
      ...(row.merge_key === null ? {} : { mergeKey: row.merge_key }),
      queuedAt: row.queued_at,
      attempts: row.attempts,
      firstTriedAt: row.first_tried_at,
    };
  });

/** A fate as SQLite gives it. */
export const fateRow = z
  .object({
    id: z.string().transform(parseOutboxId),
    state: z.enum(['queued', 'sent', 'failed', 'dropped']),
    event_id: z.string().transform(parseEventId).nullable(),
  })
  .transform((row): OutboxFate => ({ id: row.id, state: row.state, eventId: row.event_id }));

/** The two columns that hold a body: bytes of a file lie apart from the JSON. */
export function bodyColumns(body: OutboxBody): {
  readonly body: string;
  readonly data: Uint8Array | null;
} {
  if (body.kind !== 'file') return { body: JSON.stringify(body), data: null };
  const { data, ...rest } = body;
  return { body: JSON.stringify(rest), data };
}
