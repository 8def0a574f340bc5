import type { EventId, RoomId, UserId } from '../../core/ids.ts';

/** What a person did in a room that the bot may have to act on. */
export type RoomInput =
  | {
      readonly kind: 'message';
      readonly body: string;
      /** The event that this one answers (`m.in_reply_to`), where it is a real reply. */
      readonly replyTo?: EventId;
      /** Root of the thread in which it was written. */
      readonly thread?: EventId;
    }
  | { readonly kind: 'reaction'; readonly key: string; readonly target: EventId }
  /** Somebody took back an event; a redacted question counts as cancelled. */
  | { readonly kind: 'redaction'; readonly target: EventId };

/** One timeline event as the inbox saw it. `input` is null where nothing follows from it. */
export interface ObservedEvent {
  readonly eventId: EventId;
  readonly roomId: RoomId;
  readonly sender: UserId;
  readonly input: RoomInput | null;
  /** Age in ms by the home server's clock when we read it. */
  readonly ageMs: number;
}

/** An accepted event that waits to be handled. `sequence` is the order in which it was read. */
export interface PendingInput extends ObservedEvent {
  readonly input: RoomInput;
  readonly sequence: number;
  /** When it was recorded, ms since the epoch (our clock). */
  readonly recordedAt: number;
}

/**
 * Every timeline event ever seen, by event id: what makes a command run once, however often and
 * by whichever way (sync, gap, replay, restored home server) its event reaches us.
 */
export interface Ledger {
  /**
   * Writes the events that are new, in one transaction, and returns those. Durable on return: only
   * then may the sync position move.
   */
  record(events: readonly ObservedEvent[], now: number): readonly ObservedEvent[];
  has(event: EventId): boolean;
  /** Whether any event of this room was ever recorded. */
  knows(room: RoomId): boolean;
  /** Accepted and not handled, oldest first. */
  pending(limit: number): readonly PendingInput[];
  pendingCount(): number;
  /**
   * An event that was recorded without consequence says something after all: its key has come. It
   * keeps its place in the order and its age. Part of the caller's transaction.
   */
  revive(event: EventId, input: RoomInput): void;
  /** Part of the caller's transaction: the event will not come back from {@link pending}. */
  markHandled(event: EventId): void;
}
