import { AppError } from '../../core/errors.ts';
import type { EventId, RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Witness } from '../../ops/alerts/evidence.ts';
import type { Evidence } from '../../ops/alerts/incident.ts';
import { gatherNews } from '../../ops/alerts/group-news.ts';
import { AlertIntake } from '../../ops/alerts/intake.ts';
import type { Notification } from '../../ops/alerts/notification.ts';
import { Turns, type Idle } from '../../ops/alerts/turns.ts';
import { endUnreported } from '../../ops/alerts/unreported.ts';
import { rest, type Clock } from '../../platform/clock.ts';
import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { AlertMessages } from '../../platform/store/alert-messages.ts';
import type { AlertNews } from '../../platform/store/alert-news.ts';
import type { AlertPosts } from '../../platform/store/alert-posts.ts';
import type { Database } from '../../platform/store/database.ts';
import { Signal } from '../signal.ts';
import type { AlertTeller } from './alert-teller.ts';
import { TakingIn } from './taking-in.ts';

/** What the feed is made of. */
export interface AlertFeedParts {
  readonly database: Pick<Database, 'transaction' | 'relaxedTransaction'>;
  readonly posts: AlertPosts;
  readonly incidents: AlertIncidents;
  readonly news: AlertNews;
  readonly messages: AlertMessages;
  readonly teller: AlertTeller;
  readonly clock: Clock;
  readonly log: Log;
  /** Where alerts go; null: not known yet. */
  readonly room: () => RoomId | null;
  /** Asks Alertmanager for its list as it is now. */
  readonly witness: (signal: AbortSignal) => Promise<Witness>;
  /**
   * What Alertmanager would post now, asked once at the start. Rejects with `E_ALERTMANAGER_*`.
   * Default: nobody is asked.
   */
  readonly missed?: (signal: AbortSignal) => Promise<readonly Notification[]>;
  /** Waits for those who wait for the answer to a post: they go first. Default: there are none. */
  readonly idle?: Idle;
}

/** So long (ms) posts are gathered before they are told: a storm begins with one post. */
const gatherMs = 1000;
/** What is taken in is told of after so long (ms) at the latest, also while more comes. */
const takeInMs = 5000;
/**
 * How often what fires is compared with Alertmanager's list, ms. What was told a moment before it ended
 * is not looked at for a minute, and is to be shown within two (alerts-monitoring §6 number 13).
 */
const compareEveryMs = 30_000;
const pruneEveryMs = 3_600_000;
const keptMs = 30 * 24 * 3_600_000;
const prunedAtOnce = 200;
/** Until the room is known, it is looked for so often, ms. */
const roomEveryMs = 250;

/** Takes posts in as they come and lets the room know. */
export class AlertFeed {
  readonly #parts: AlertFeedParts;
  readonly #changed = new Signal();
  readonly #takingIn: TakingIn;
  readonly #turns: Turns;
  #comparedAt: number;
  #prunedAt: number;

  constructor(parts: AlertFeedParts) {
    this.#parts = parts;
    this.#takingIn = new TakingIn(parts);
    this.#turns = new Turns(parts.idle);
    // Due at the start: nobody knows what has ended since.
    this.#comparedAt = -Infinity;
    this.#prunedAt = parts.clock.monotonic();
  }

  /** A post has come, or a message is to be edited. */
  wake(): void {
    this.#changed.notify();
  }

  /** An event was removed from a room: a message that is gone is not added to. */
  noteRemoved(event: EventId): void {
    this.#parts.messages.noteRemoved(event);
  }

  /** Until aborted. Rejects with what the store throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, posts, room } = this.#parts;
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      const where = room();
      if (where === null) {
        await this.#changed.wait(signal, roomEveryMs);
        continue;
      }
      if (posts.depth(clock.now()).waiting > 0) {
        await this.#pause(gatherMs, signal);
        const until = clock.monotonic() + takeInMs;
        while (!isOver() && (await this.#takingIn.next(signal)) && clock.monotonic() <= until);
      }
      if (isOver()) return;
      // Also what was taken in before the bot was killed.
      if (!this.#parts.news.isEmpty()) {
        await this.#turns.rest();
        this.#tell(where);
        await this.#turns.rest();
      }
      if (this.#isDue(this.#comparedAt, compareEveryMs)) await this.#compare(where, signal);
      if (isOver()) return;
      this.#parts.database.transaction(() => {
        this.#parts.teller.release(where, clock.now());
        this.#parts.teller.refresh(clock.now());
      });
      await this.#prune(signal);
      if (posts.depth(clock.now()).waiting > 0) continue;
      const untilComparison = this.#comparedAt + compareEveryMs - clock.monotonic();
      await this.#changed.wait(signal, Math.max(1, untilComparison));
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await rest(this.#parts.clock, ms, signal);
  }

  #isDue(last: number, everyMs: number): boolean {
    return this.#parts.clock.monotonic() - last >= everyMs;
  }

  /** What has changed becomes rows of the outbox, in one transaction. */
  #tell(room: RoomId): void {
    const { database, news, teller, clock } = this.#parts;
    if (news.isEmpty()) return;
    database.transaction(() => {
      teller.tell(gatherNews(news), room, clock.now());
      news.clear();
    });
  }

  async #compare(room: RoomId, signal: AbortSignal): Promise<void> {
    const { incidents, witness, clock } = this.#parts;
    const isOver = (): boolean => signal.aborted;
    if (this.#comparedAt === -Infinity) await this.#takeMissed(signal);
    this.#comparedAt = clock.monotonic();
    if (isOver()) return;
    this.#tell(room);
    if (incidents.firing(null, 1).length === 0) return;
    const evidence = await witness(signal);
    if (isOver()) return;
    await endUnreported(this.#parts, evidence, clock.now());
    if (!isOver()) this.#tell(room);
  }

  async #takeMissed(signal: AbortSignal): Promise<void> {
    const { database, incidents, news, missed, clock, log } = this.#parts;
    try {
      const posts = (await missed?.(signal)) ?? [];
      if (posts.length === 0) return;
      database.transaction(() => {
        // It has them now.
        const evidence = (): Evidence => 'active';
        const intake = new AlertIntake({ incidents, news, evidence, now: clock.now() });
        for (const each of posts) intake.take(each);
      });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AppError && error.code.startsWith('E_ALERTMANAGER_'))) throw error;
      log.warn({ err: error }, 'Alertmanager can not be asked what was missed');
    }
  }

  async #prune(signal: AbortSignal): Promise<void> {
    if (!this.#isDue(this.#prunedAt, pruneEveryMs)) return;
    const { database, incidents, messages, clock } = this.#parts;
    this.#prunedAt = clock.monotonic();
    const before = clock.now() - keptMs;
    const turns = new Turns();
    while (!signal.aborted) {
      const pruned = database.transaction(() => incidents.prune(before, prunedAtOnce));
      if (pruned < prunedAtOnce) break;
      await turns.rest();
    }
    database.transaction(() => {
      messages.prune(before);
    });
  }
}
