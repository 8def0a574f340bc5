import type { EventId, RoomId } from '../../core/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { OutboxItem } from '../../platform/store/outbox.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import type { Encryption } from '../rooms/encryption-guard.ts';
import { isOutboxId, referenceOf } from './deliver.ts';
import type { RateBudget } from './rate-budget.ts';

/** What the gate asks. */
export interface GateParts {
  readonly outbox: SqliteOutbox;
  readonly clock: Clock;
  readonly budget: RateBudget;
  readonly encryptionOf: (room: RoomId) => Encryption;
  /** Whether everything that was in the rooms at `moment` (steady clock, ms) has been read. */
  readonly hasReadUpTo: (moment: number) => boolean;
}

/** What is to be done with a row now. `later` in ms; null: something will wake the sender. */
export type Passage =
  | { readonly kind: 'go'; readonly target: EventId | null }
  | { readonly kind: 'later'; readonly inMs: number | null }
  | { readonly kind: 'fail'; readonly reason: string }
  | { readonly kind: 'drop'; readonly reason: string };

/**
 * Synapse forgets transaction ids after 30 min (rest/client/transactions.py; chatops-bots §6). A row
 * whose fate is older than this must first be looked for in the room.
 */
const transactionMemoryMs = 25 * 60_000;
/** An edit of the same message not more often than this. */
const editPaceMs = 2000;
const askAgainMs = 1000;

/** Decides whether a row may go out now. */
export class Gate {
  readonly #parts: GateParts;
  readonly #begun: number;
  readonly #lastTry = new Map<string, number>();
  readonly #lastEdit = new Map<string, number>();

  constructor(parts: GateParts) {
    this.#parts = parts;
    this.#begun = parts.clock.monotonic();
  }

  judge(item: OutboxItem): Passage {
    const { encryptionOf, budget } = this.#parts;
    if (encryptionOf(item.room) === 'unknown') return { kind: 'later', inMs: askAgainMs };
    if (this.#mayBeInTheRoom(item)) return { kind: 'later', inMs: askAgainMs };
    if (!budget.allows(item.priority)) return { kind: 'later', inMs: budget.chatterWaitMs };
    const paced = this.#pace(item);
    if (paced > 0) return { kind: 'later', inMs: paced };
    return this.#aim(item);
  }

  /** A row is handed to the network. */
  noteTry(item: OutboxItem): void {
    const now = this.#parts.clock.monotonic();
    this.#lastTry.set(item.id, now);
    if (item.body.kind === 'edit' && item.mergeKey !== undefined) {
      if (this.#lastEdit.size > 500) this.#lastEdit.clear();
      this.#lastEdit.set(item.mergeKey, now);
    }
  }

  /** A row is done with. */
  noteEnd(item: OutboxItem): void {
    this.#lastTry.delete(item.id);
  }

  #mayBeInTheRoom({ id, firstTriedAt }: OutboxItem): boolean {
    if (firstTriedAt === null) return false;
    const { clock, hasReadUpTo } = this.#parts;
    // A clock that was set back makes the age negative: then it says nothing either.
    const age = clock.now() - firstTriedAt;
    if (age >= 0 && age < transactionMemoryMs) return false;
    return !hasReadUpTo(this.#lastTry.get(id) ?? this.#begun);
  }

  #pace({ body, mergeKey, priority }: OutboxItem): number {
    if (body.kind !== 'edit' || mergeKey === undefined || priority !== 'progress') return 0;
    const last = this.#lastEdit.get(mergeKey);
    return last === undefined ? 0 : Math.max(0, last + editPaceMs - this.#parts.clock.monotonic());
  }

  #aim({ body }: OutboxItem): Passage {
    const reference = referenceOf(body);
    if (reference === null) return { kind: 'go', target: null };
    if (!isOutboxId(reference)) return { kind: 'go', target: reference };
    const fate = this.#parts.outbox.fateOf(reference);
    const isEnded = fate === null || fate.state === 'failed' || fate.state === 'dropped';
    // News need no thread; an edit, a reaction, a redaction are nothing without their event.
    if (isEnded && body.kind === 'event') return { kind: 'go', target: null };
    if (fate === null) return { kind: 'drop', reason: 'what it refers to is forgotten' };
    switch (fate.state) {
      case 'sent':
        return { kind: 'go', target: fate.eventId };
      case 'queued':
        return { kind: 'later', inMs: null };
      case 'failed':
      case 'dropped':
        return { kind: 'drop', reason: 'what it refers to was never sent' };
      default:
        return fate.state satisfies never;
    }
  }
}
