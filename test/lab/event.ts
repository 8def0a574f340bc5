import { z } from 'zod';

const jsonObject = z.record(z.string(), z.unknown());

/**
 * A room event as a client gets it. Loose on purpose: tests send broken events too, and must
 * be able to look at them.
 */
export const labEvent = z.looseObject({
  event_id: z.string(),
  type: z.string(),
  sender: z.string(),
  /** Milliseconds since 1970 on the home server's clock. */
  origin_server_ts: z.number(),
  state_key: z.string().optional(),
  content: jsonObject.catch({}),
  unsigned: jsonObject.optional(),
});

/** What a person's client thinks of how an event reached it. */
export interface Encryption {
  /** False for what came in plain text. */
  readonly wasEncrypted: boolean;
  /**
   * `trusted`: decrypted, from a device that its owner has signed. `undecryptable`: no key, or
   * none that opens it. `distrusted`: it could be decrypted, but the client does not accept it.
   * `plain`: it was not encrypted.
   */
  readonly verdict: 'trusted' | 'undecryptable' | 'distrusted' | 'plain';
  /** In the client's own word, such as `UNSIGNED_SENDER_DEVICE`; empty where all is well. */
  readonly reason: string;
  /** Of the group session it was encrypted with. */
  readonly sessionId?: string;
}

/** A room event as a client gets it; where the client can decrypt, the decrypted one. */
export type LabEvent = z.infer<typeof labEvent> & { readonly encryption?: Encryption };

/** What a test waits for. */
export type EventTest = (event: LabEvent) => boolean;

const relation = z.object({
  rel_type: z.string().optional(),
  event_id: z.string().optional(),
  key: z.string().optional(),
  is_falling_back: z.boolean().optional(),
  'm.in_reply_to': z.object({ event_id: z.string() }).optional(),
});

/** How an event is tied to another one. */
export type Relation = z.infer<typeof relation>;

/** The relation of an event, `{}` where it has none. */
export const relationOf = (event: LabEvent): Relation => {
  const parsed = relation.safeParse(event.content['m.relates_to']);
  return parsed.success ? parsed.data : {};
};

/** The id of the event that this one replies to (also as the fallback of a thread). */
export const repliesTo = (event: LabEvent): string | undefined =>
  relationOf(event)['m.in_reply_to']?.event_id;

/** Plain text of a message, of an edit its new text. Empty for other events. */
export const bodyOf = (event: LabEvent): string => {
  const content = editedContent(event) ?? event.content;
  return typeof content['body'] === 'string' ? content['body'] : '';
};

/** HTML of a message, of an edit its new one. Empty where there is none. */
export const htmlOf = (event: LabEvent): string => {
  const html = (editedContent(event) ?? event.content)['formatted_body'];
  return typeof html === 'string' ? html : '';
};

/** The new content where an event is an edit. */
export const editedContent = (event: LabEvent): Record<string, unknown> | undefined => {
  if (relationOf(event).rel_type !== 'm.replace') return undefined;
  const parsed = jsonObject.safeParse(event.content['m.new_content']);
  return parsed.success ? parsed.data : undefined;
};
