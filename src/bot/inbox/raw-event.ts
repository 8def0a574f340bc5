import { z } from 'zod';
import { eventIdSchema, userIdSchema } from '../client/answers.ts';
import { jsonObjectSchema } from '../../core/json.ts';

/** Without these nothing can be said about an event. */
const rawEvent = z.object({
  event_id: eventIdSchema,
  sender: userIdSchema,
  type: z.string(),
  origin_server_ts: z.number().catch(0),
  state_key: z.string().optional().catch(undefined),
  content: jsonObjectSchema.catch({}),
  /** Target of a redaction up to room version 10; later it stands in the content. */
  redacts: eventIdSchema.optional().catch(undefined),
  unsigned: z
    .object({
      age: z.number().optional().catch(undefined),
      transaction_id: z.string().optional().catch(undefined),
      redacted_because: z.unknown().optional(),
    })
    .catch({}),
});

/** What the fields outside the frame have to be, where they are there. */
const properEvent = z.object({
  origin_server_ts: z.number().optional(),
  state_key: z.string().optional(),
  content: jsonObjectSchema,
  redacts: eventIdSchema.optional(),
  unsigned: z
    .object({ age: z.number().optional(), transaction_id: z.string().optional() })
    .optional(),
});

/** A timeline event with a proper frame. Its content may still be anything. */
export interface RawEvent extends z.infer<typeof rawEvent> {
  /** A field has a type that no event has: it is remembered and nothing follows from it. */
  readonly isMalformed: boolean;
}

/** Null: not even the frame of an event. */
export function readRawEvent(event: unknown): RawEvent | null {
  const parsed = rawEvent.safeParse(event);
  if (!parsed.success) return null;
  return { ...parsed.data, isMalformed: !properEvent.safeParse(event).success };
}

const relation = z.object({
  rel_type: z.string().optional(),
  event_id: eventIdSchema.optional(),
  key: z.string().max(256).optional(),
  is_falling_back: z.boolean().optional(),
  'm.in_reply_to': z.object({ event_id: eventIdSchema }).optional(),
});

/** Content of a message that may be a command. */
export const messageContent = z.object({
  msgtype: z.string(),
  body: z.string(),
  'm.relates_to': relation.optional(),
  'm.new_content': z.unknown().optional(),
});

/** Content of a reaction. */
export const reactionContent = z.object({
  'm.relates_to': z.object({
    rel_type: z.literal('m.annotation'),
    event_id: eventIdSchema,
    key: z.string().max(256),
  }),
});

/** Target of a redaction in room versions from 11 on. */
export const redactionContent = z.object({ redacts: eventIdSchema });

/** The key that all our events carry. */
export const ownContent = z.object({ 'io.urtc.out': z.string() });
