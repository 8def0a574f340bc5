import type { EventId, RoomId } from '../../core/ids.ts';
import { rest, type Clock } from '../../platform/clock.ts';
import type { Position, SyncPosition } from '../../platform/store/sync-position.ts';
import { describeFailure, explainFailure, failureOf, isPassing } from '../client/failure.ts';
import type { MatrixApi, SyncAnswer, SyncCrypto } from '../client/matrix-api.ts';
import type { RoomBatch } from '../inbox/room-batch.ts';
import { Backoff } from './backoff.ts';
import { readBatches, type BatchSource } from './room-catch-up.ts';
import { isRewound } from './token.ts';

/**
 * Why nobody tells us what happened to others' devices: there was no position to go on from, or the
 * home server was set back to an earlier time.
 */
export type MissedSync = 'first' | 'rewound';

/** What the loop is made of. */
export interface SyncParts extends BatchSource {
  readonly api: Pick<MatrixApi, 'history' | 'sync' | 'url'>;
  /** Makes what came for our device durable: keys first, then what they open. Null: it goes on. */
  readonly absorb: (crypto: SyncCrypto, missed: MissedSync | null) => Promise<void>;
  /** Finds out what was missed. Part of `absorb`; by itself where only the rooms show it. */
  readonly catchUp: (missed: MissedSync) => Promise<void>;
  readonly position: SyncPosition;
  readonly clock: Clock;
  /** Makes everything in the batches durable before it returns. */
  readonly record: (batches: readonly RoomBatch[]) => void;
  /** What is not timeline: invitations, rooms left. Called after the position has moved. */
  readonly onRooms: (answer: Pick<SyncAnswer, 'invited' | 'left'>) => void;
  /** Default 30 s. */
  readonly longPollMs?: number;
  /** Default 50. */
  readonly timelineLimit?: number;
  /** For the jitter, 0 to 1; tests fix it. */
  readonly random?: () => number;
}

/**
 * Our own sync loop. The SDK's moves its position before the events are handled, never fills a gap
 * and has no end but by hand (chatops-bots §1); this one records first, then moves.
 */
export class SyncLoop {
  readonly #parts: SyncParts;
  readonly #backoff: Backoff;
  readonly #firstGood: Promise<void>;
  #reportGood: () => void = () => undefined;
  #lastGoodAt: number | null = null;
  #lastGoodSteady: number | null = null;
  /** When the last good request had begun: all that was in the room then is known now. */
  #currentSince: number | null = null;
  #unreadSince: number | null;

  constructor(parts: SyncParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(undefined, parts.random);
    this.#unreadSince = parts.clock.monotonic();
    this.#firstGood = new Promise((resolve) => (this.#reportGood = resolve));
  }

  /** ms since the epoch, for people; null: never yet. */
  get lastGoodAt(): number | null {
    return this.#lastGoodAt;
  }

  /** How long ago the last good sync ended, ms on the steady clock; null: never yet. */
  get ageMs(): number | null {
    const { clock } = this.#parts;
    return this.#lastGoodSteady === null ? null : clock.monotonic() - this.#lastGoodSteady;
  }

  /** Settles when the first sync of this process was recorded. */
  get firstGood(): Promise<void> {
    return this.#firstGood;
  }

  /** Whether everything that was in the rooms at `moment` (steady clock, ms) has been read. */
  hasReadUpTo(moment: number): boolean {
    return this.#currentSince !== null && this.#currentSince >= moment;
  }

  /**
   * Since when what happens in the rooms is not heard of by itself (steady clock, ms); null: it is,
   * the last request was good.
   */
  get unreadSince(): number | null {
    return this.#unreadSince;
  }

  /**
   * Syncs until aborted. Rejects with `E_TOKEN_REVOKED` at the first answer that says so, and with
   * whatever `record` throws (a store that can't be written); outlives everything else.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { api, clock, log } = this.#parts;
    while (!signal.aborted) {
      try {
        await this.#once(signal);
        this.#backoff.reset();
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'aborted') return;
        if (failure.kind === 'revoked') throw explainFailure(error, api.url);
        this.#unreadSince ??= clock.monotonic();
        const asked = failure.kind === 'limited' ? failure.retryAfterMs : null;
        const waitMs = Math.max(asked ?? 0, this.#backoff.next());
        const fields = { failure: describeFailure(failure), waitMs, passing: isPassing(failure) };
        log.warn(fields, 'sync failed');
        await rest(clock, waitMs, signal);
      }
    }
  }

  async #once(signal: AbortSignal): Promise<void> {
    const { api, position: store, clock, longPollMs = 30_000, timelineLimit = 50 } = this.#parts;
    const begun = clock.monotonic();
    const position = store.read();
    const isUncertain = this.#unreadSince !== null;
    // After a start or a failure the answer is wanted at once: others wait to hear that we are back.
    const isFresh = position === null || isUncertain;
    const timeoutMs = isFresh ? 0 : longPollMs;
    const since = position?.token ?? null;
    const answer = await api.sync({ since, timeoutMs, timelineLimit, isFresh }, signal);
    const missed = missedBy(position, answer);
    await this.#parts.absorb(answer.crypto, missed);
    const batches = await readBatches(this.#parts, { position, answer, isUncertain, signal });
    // It has counted beyond our position since: only what the rooms hold shows that it went back.
    if (missed !== 'rewound' && batches.some(({ gap }) => gap.kind === 'rewound')) {
      await this.#parts.catchUp('rewound');
    }
    this.#parts.record(batches);
    this.#move(position, answer, batches);
    this.#unreadSince = null;
    this.#lastGoodAt = clock.now();
    this.#lastGoodSteady = clock.monotonic();
    this.#currentSince = begun;
    this.#reportGood();
    this.#parts.onRooms(answer);
  }

  #move(old: Position | null, answer: SyncAnswer, batches: readonly RoomBatch[]): void {
    if (old?.token === answer.next && batches.length === 0) return;
    const tails = new Map<RoomId, EventId>();
    for (const { room, newest } of batches) if (newest !== null) tails.set(room, newest);
    this.#parts.position.write(answer.next, tails, this.#parts.clock.now());
  }
}

function missedBy(position: Position | null, answer: SyncAnswer): MissedSync | null {
  if (position === null) return 'first';
  return isRewound(position.token, answer.next) ? 'rewound' : null;
}
