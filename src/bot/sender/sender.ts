import type { EventId, OutboxId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { OutboxItem } from '../../platform/store/outbox.ts';
import {
  describeFailure,
  explainFailure,
  failureOf,
  isPassing,
  type Failure,
} from '../client/failure.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { Withheld } from '../direct/secret-hand-over.ts';
import { Signal } from '../signal.ts';
import { Backoff } from '../sync/backoff.ts';
import { deliver, type Writer } from './deliver.ts';
import { Gate, type GateParts } from './gate.ts';

/** What the sender is made of. */
export interface SenderParts extends GateParts {
  readonly api: Pick<MatrixApi, 'url'>;
  readonly writer: Writer;
  readonly log: Log;
  /** A row can never be sent. Called inside the transaction that notes it. */
  readonly onFailed: (item: OutboxItem, reason: string) => void;
  /** Runs `work` as one transaction of the store. */
  readonly transaction: (work: () => void) => void;
  /** Most sends at the same time. */
  readonly window?: number;
  /** Between the beginnings of two sends at the same time, ms. */
  readonly staggerMs?: number;
  readonly random?: () => number;
}

const defaultWindow = 20;
/** Synapse takes them up in the order in which they come, if they don't come all at once. */
const defaultStaggerMs = 8;
/** As many rows are looked at when the first ones have to wait. */
const lookAhead = 32;
/** A row that the server chokes on (5xx) so often is set aside, so that the others get through. */
const triesInFront = 8;
const setAsideMs = 60_000;

/** Sends what waits in the outbox: in order, as fast as the home server lets us, each row once. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #gate: Gate;
  readonly #backoff: Backoff;
  readonly #changed = new Signal();
  readonly #inFlight = new Map<OutboxId, OutboxItem>();
  readonly #setAside = new Map<OutboxId, number>();
  #pausedUntil = 0;
  #lastBegun = 0;
  /** When to look again by itself, ms from now; Infinity: only when woken. */
  #wakeInMs = Infinity;
  #fatal: { readonly error: unknown } | null = null;

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#gate = new Gate(parts);
    this.#backoff = new Backoff(undefined, parts.random);
  }

  /** Something may be sendable now that was not before. */
  wake(): void {
    this.#changed.notify();
  }

  /** How many rows are with the home server now. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /**
   * Sends until aborted. Rejects with `E_TOKEN_REVOKED` at the first answer that says so, and with
   * what the store throws.
   */
  async run(signal: AbortSignal): Promise<void> {
    const stop = this.#parts.outbox.subscribe(() => {
      this.wake();
    });
    try {
      while (!signal.aborted) {
        if (this.#fatal !== null) throw this.#fatal.error;
        this.#wakeInMs = Infinity;
        const next = this.#next();
        if (next === null) await this.#changed.wait(signal, this.#wakeInMs);
        else void this.#send(next.item, next.target, signal);
      }
    } finally {
      stop();
    }
  }

  #later(inMs: number): void {
    this.#wakeInMs = Math.min(this.#wakeInMs, Math.max(1, inMs));
  }

  /**
   * How many sends at the same time. Only one keeps the order for certain; several are three times as
   * fast (measured on Synapse: 20 answers). So: one, unless the server was seen to have no limit to
   * speak of, and nothing is going wrong.
   */
  #window(): number {
    const { window = defaultWindow, budget } = this.#parts;
    if (this.#backoff.failures > 0 || !budget.isAmple) return 1;
    return Math.max(1, Math.min(window, Math.floor(budget.available)));
  }

  #next(): { item: OutboxItem; target: EventId | null } | null {
    const { outbox, clock, budget } = this.#parts;
    const now = clock.monotonic();
    const pause = Math.max(this.#pausedUntil - now, budget.heldMs);
    if (pause > 0) {
      this.#later(pause);
      return null;
    }
    if (this.#inFlight.size >= this.#window()) return null;
    const early = this.#lastBegun + (this.#parts.staggerMs ?? defaultStaggerMs) - now;
    if (this.#inFlight.size > 0 && early > 0) {
      this.#later(early);
      return null;
    }
    const busy = new Set([...this.#inFlight.values()].map((item) => item.lane));
    for (const item of outbox.heads(lookAhead, busy)) {
      const asideFor = (this.#setAside.get(item.id) ?? 0) - now;
      if (asideFor > 0) {
        this.#later(asideFor);
        continue;
      }
      const passage = this.#gate.judge(item);
      switch (passage.kind) {
        case 'go':
          return { item, target: passage.target };
        case 'later':
          if (passage.inMs !== null) this.#later(passage.inMs);
          continue;
        case 'fail':
          this.#fail(item, passage.reason);
          continue;
        case 'drop':
          outbox.drop(item.id, passage.reason, clock.now());
          continue;
        default:
          passage satisfies never;
      }
    }
    return null;
  }

  async #send(item: OutboxItem, target: EventId | null, signal: AbortSignal): Promise<void> {
    const { writer, outbox, clock, budget } = this.#parts;
    this.#inFlight.set(item.id, item);
    this.#lastBegun = clock.monotonic();
    outbox.noteTried(item.id);
    this.#gate.noteTry(item);
    try {
      const event = await deliver(writer, item, target, signal);
      outbox.markSent(item.id, event, clock.now());
      budget.noteSent();
      this.#backoff.reset();
      this.#end(item);
    } catch (error) {
      this.#settle(item, error);
    } finally {
      this.#inFlight.delete(item.id);
      this.wake();
    }
  }

  #settle(item: OutboxItem, error: unknown): void {
    try {
      if (error instanceof Withheld) this.#withhold(item, error.message);
      else this.#take(item, failureOf(error), error);
    } catch (thrown) {
      this.#fatal = { error: thrown };
    }
  }

  /** Its sender takes it back; not a word of it in the room. */
  #withhold(item: OutboxItem, reason: string): void {
    const { outbox, clock, log } = this.#parts;
    log.warn({ out: item.id, room: item.room, reason }, 'a secret was not sent');
    outbox.drop(item.id, reason, clock.now());
    this.#end(item);
  }

  #take(item: OutboxItem, failure: Failure, error: unknown): void {
    const { api, outbox, clock, log, budget } = this.#parts;
    if (failure.kind === 'aborted') return;
    if (failure.kind === 'revoked') throw explainFailure(error, api.url);
    const now = clock.monotonic();
    if (failure.kind === 'limited') {
      budget.noteLimited(failure.retryAfterMs);
      const waitMs = failure.retryAfterMs ?? budget.heldMs;
      this.#pausedUntil = Math.max(this.#pausedUntil, now + waitMs);
      log.info({ waitMs, rate: budget.rate }, 'the home server asks to wait before the next send');
      return;
    }
    if (!isPassing(failure)) {
      this.#fail(item, describeFailure(failure));
      return;
    }
    outbox.noteFailedTry(item.id, clock.now());
    const waitMs = this.#backoff.next();
    this.#pausedUntil = Math.max(this.#pausedUntil, now + waitMs);
    if (failure.kind !== 'unreachable' && (item.attempts + 1) % triesInFront === 0) {
      this.#setAside.set(item.id, now + setAsideMs);
    }
    const fields = { out: item.id, failure: describeFailure(failure), waitMs };
    log.warn(fields, 'a message was not sent; it will be tried again');
  }

  #fail(item: OutboxItem, reason: string): void {
    const { transaction, outbox, clock, log, onFailed } = this.#parts;
    log.error({ out: item.id, room: item.room, reason }, 'a message can not be sent');
    transaction(() => {
      outbox.markFailed(item.id, reason, clock.now());
      onFailed(item, reason);
    });
    this.#end(item);
  }

  #end(item: OutboxItem): void {
    this.#setAside.delete(item.id);
    this.#gate.noteEnd(item);
  }
}
