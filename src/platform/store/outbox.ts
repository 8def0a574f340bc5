import type { EventId, OutboxId, RoomId, UserId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Language } from '../../core/words/index.ts';

/** Who goes first when the home server lets us send only so much. */
export const priorities = ['urgent', 'answer', 'progress', 'background'] as const;
/** `urgent`: alerts; `answer`: answers and questions; `progress`: 👀, status edits; `background`: anchors. */
export type Priority = (typeof priorities)[number];

/** A place in a message's content that is only known once an earlier row was sent. */
export type EventReference = EventId | OutboxId;

/** What is to be sent. */
export type OutboxBody =
  | {
      readonly kind: 'event';
      readonly eventType: string;
      readonly content: JsonObject;
      /** Root of the thread that it belongs to; where that was never sent it stands by itself. */
      readonly thread?: EventReference;
    }
  /** Replaces the content of an earlier message (`m.replace`, spec §11.? event replacements). */
  | { readonly kind: 'edit'; readonly target: EventReference; readonly content: JsonObject }
  | { readonly kind: 'reaction'; readonly target: EventReference; readonly key: string }
  | { readonly kind: 'redaction'; readonly target: EventReference; readonly reason: string }
  | {
      readonly kind: 'state';
      readonly eventType: string;
      readonly stateKey: string;
      readonly content: JsonObject;
    }
  /** Uploaded first, then sent as `m.file` with this content and its `url` and `info` added. */
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly mimetype: string;
      readonly data: Uint8Array;
      readonly content: JsonObject;
    }
  /**
   * A sealed secret for one person, in the direct room with that person (issue 4). Only its one-time
   * code lies here: the secret is opened and encrypted when the row is sent.
   */
  | {
      readonly kind: 'secret';
      readonly code: string;
      readonly person: UserId;
      /** What made it; never secret. */
      readonly label: string;
      readonly language: Language;
    };

/** A row to be written. */
export interface OutboxDraft {
  readonly room: RoomId;
  /** Rows of one lane are sent strictly one after the other; e.g. a job id, or a feed's name. */
  readonly lane: string;
  readonly priority: Priority;
  readonly body: OutboxBody;
  /** A queued, unsent row with the same room and key is overwritten in place (edits of a status). */
  readonly mergeKey?: string;
}

/** A row that waits. `transactionId` was made once and is used for every try. */
export interface OutboxItem extends OutboxDraft {
  readonly id: OutboxId;
  readonly sequence: number;
  readonly transactionId: string;
  readonly queuedAt: number;
  readonly attempts: number;
  /** When it was first handed to the network, ms since the epoch; null: never. */
  readonly firstTriedAt: number | null;
}

/** How much waits. */
export interface OutboxDepth {
  readonly queued: number;
  /** ms since the oldest was queued; 0 where nothing waits. */
  readonly oldestAgeMs: number;
}

/**
 * Messages that must not be lost: written before they are sent, in the transaction of what they
 * tell. A crash or a lost response leads to another try with the same transaction id.
 */
export interface Outbox {
  /** Part of the caller's transaction. */
  add(draft: OutboxDraft, now: number): OutboxId;
  /** The event id that a row got, or null while it is unsent. */
  eventOf(id: OutboxId): EventId | null;
  depth(now: number): OutboxDepth;
}
