import { z } from 'zod';
import type { EventId, OutboxId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { EventReference, OutboxBody, OutboxItem } from '../../platform/store/outbox.ts';
import type { RoomWriter } from './room-writer.ts';

/** Of a picture. */
const pixels = z.object({ w: z.int(), h: z.int() });

/** What rows are written with. */
export type Writer = Pick<
  RoomWriter,
  'send' | 'sendSecret' | 'annotate' | 'redact' | 'putState' | 'attach'
>;

/** The event that a row is about, where it is about one. */
export function referenceOf(body: OutboxBody): EventReference | null {
  switch (body.kind) {
    case 'edit':
    case 'reaction':
    case 'redaction':
      return body.target;
    case 'event':
      return body.thread ?? null;
    case 'state':
    case 'file':
    case 'secret':
      return null;
    default:
      return body satisfies never;
  }
}

/** Whether a reference is to a row of ours and not to an event. */
export function isOutboxId(reference: EventReference): reference is OutboxId {
  return !reference.startsWith('$');
}

/** Content of an edit (spec, event replacements); what replaces has no relation of its own. */
function editContent(target: EventId, content: JsonObject): JsonObject {
  const bare = Object.entries(content).filter(([key]) => key !== 'm.relates_to');
  const replacement: JsonObject = Object.fromEntries(bare);
  const { body } = replacement;
  return {
    ...replacement,
    ...(typeof body === 'string' ? { body: `* ${body}` } : {}),
    'm.new_content': replacement,
    'm.relates_to': { rel_type: 'm.replace', event_id: target },
  };
}

/** Relation of a message in a thread that answers nobody in particular (spec, m.thread). */
function threadOf(root: EventId | null): JsonObject {
  if (root === null) return {};
  const fallback = { is_falling_back: true, 'm.in_reply_to': { event_id: root } };
  return { 'm.relates_to': { rel_type: 'm.thread', event_id: root, ...fallback } };
}

/**
 * Sends one row with its own transaction id. `target`: the event that its reference stands for.
 * A file is uploaded first; if what follows fails, it is uploaded again with the next try.
 * Throws `MatrixFailure`, and `Withheld` where a secret must not be sent.
 */
export async function deliver(
  writer: Writer,
  item: OutboxItem,
  target: EventId | null,
  signal: AbortSignal,
): Promise<EventId> {
  const { room, transactionId, body } = item;
  const mark = { 'io.urtc.out': item.id };
  const known = (): EventId => {
    if (target === null) throw new Error(`row ${item.id} has no target`);
    return target;
  };
  switch (body.kind) {
    case 'event': {
      const content = { ...body.content, ...threadOf(target), ...mark };
      return writer.send(room, body.eventType, transactionId, content, signal);
    }
    case 'edit': {
      const content = { ...editContent(known(), body.content), ...mark };
      return writer.send(room, 'm.room.message', transactionId, content, signal);
    }
    case 'reaction': {
      const annotation = { rel_type: 'm.annotation', event_id: known(), key: body.key };
      const content = { 'm.relates_to': annotation, ...mark };
      return writer.annotate(room, transactionId, content, signal);
    }
    case 'redaction':
      return writer.redact(room, known(), transactionId, { reason: body.reason, ...mark }, signal);
    case 'state':
      return writer.putState(
        room,
        body.eventType,
        body.stateKey,
        { ...body.content, ...mark },
        signal,
      );
    case 'file': {
      const place = await writer.attach(room, body, signal);
      const size = pixels.safeParse(body.content['info']).data ?? {};
      const info = { ...size, mimetype: body.mimetype, size: body.data.byteLength };
      const content = { ...body.content, ...place, info, ...mark };
      return writer.send(room, 'm.room.message', transactionId, content, signal);
    }
    case 'secret':
      return writer.sendSecret(room, body, transactionId, mark, signal);
    default:
      return body satisfies never;
  }
}
