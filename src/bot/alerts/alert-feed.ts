import type { EventId, RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Witness } from '../../ops/alerts/evidence.ts';
import { AlertIntake } from '../../ops/alerts/intake.ts';
import { groupIdOf, readNotification, type Notification } from '../../ops/alerts/notification.ts';
import { endUnreported } from '../../ops/alerts/unreported.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { AlertMessages } from '../../platform/store/alert-messages.ts';
import type { AlertPost, AlertPosts } from '../../platform/store/alert-posts.ts';
import type { Database } from '../../platform/store/database.ts';
import { Signal } from '../signal.ts';
import type { AlertTeller } from './alert-teller.ts';

/** What the feed is made of. */
export interface AlertFeedParts {
  readonly database: Pick<Database, 'transaction'>;
  readonly posts: AlertPosts;
  readonly incidents: AlertIncidents;
  readonly messages: AlertMessages;
  readonly teller: AlertTeller;
  readonly clock: Clock;
  readonly log: Log;
  /** Where alerts go; null: not known yet. */
  readonly room: () => RoomId | null;
  /** Asks Alertmanager for its list as it is now. */
  readonly witness: (signal: AbortSignal) => Promise<Witness>;
}

/** So long (ms) posts are gathered before they are told: a storm begins with one post. */
const gatherMs = 1000;
/** Posts that are taken in with one transaction, and alerts in them. */
const mostPosts = 1000;
const mostAlerts = 20_000;
/** How often what fires is compared with Alertmanager's list, ms. */
const compareEveryMs = 60_000;
const pruneEveryMs = 3_600_000;
const keptMs = 30 * 24 * 3_600_000;
/** Until the room is known, it is looked for so often, ms. */
const roomEveryMs = 250;

/** Takes posts in as they come and lets the room know. */
export class AlertFeed {
  readonly #parts: AlertFeedParts;
  readonly #changed = new Signal();
  #comparedAt: number;
  #prunedAt: number;

  constructor(parts: AlertFeedParts) {
    this.#parts = parts;
    this.#comparedAt = parts.clock.monotonic();
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
        while (!isOver() && (await this.#takeIn(where, signal)));
      }
      if (isOver()) return;
      if (this.#isDue(this.#comparedAt, compareEveryMs)) await this.#compare(where, signal);
      if (isOver()) return;
      this.#parts.database.transaction(() => this.#parts.teller.refresh(clock.now()));
      this.#prune();
      const untilComparison = this.#comparedAt + compareEveryMs - clock.monotonic();
      await this.#changed.wait(signal, Math.max(1, untilComparison));
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await this.#parts.clock.sleep(ms, signal).catch((reason: unknown) => {
      if (!signal.aborted) throw reason;
    });
  }

  #isDue(last: number, everyMs: number): boolean {
    return this.#parts.clock.monotonic() - last >= everyMs;
  }

  /** One transaction's worth of posts. False: there are none. */
  async #takeIn(room: RoomId, signal: AbortSignal): Promise<boolean> {
    const { database, posts, incidents, teller, witness, clock } = this.#parts;
    const read = this.#read(posts.first(mostPosts));
    const last = read.at(-1);
    if (last === undefined) return false;
    const needs = this.#needsWitness(read.map(({ told }) => told));
    const evidence: Witness = needs ? await witness(signal) : () => 'unknown';
    if (signal.aborted) return false;
    database.transaction(() => {
      const now = clock.now();
      const intake = new AlertIntake(incidents, evidence, now);
      for (const { told } of read) intake.take(told);
      teller.tell(intake.news(), room, now);
      posts.removeUpTo(last.sequence);
    });
    return true;
  }

  #read(found: readonly AlertPost[]) {
    const read: { readonly sequence: number; readonly told: Notification }[] = [];
    let alerts = 0;
    for (const { sequence, body } of found) {
      const told = readNotification(body);
      alerts += told.alerts.length;
      if (read.length > 0 && alerts > mostAlerts) break;
      read.push({ sequence, told });
    }
    return read;
  }

  /** Whether anything that is over, or will be by then, is told to fire. */
  #needsWitness(all: readonly Notification[]): boolean {
    const over = new Set<string>();
    for (const told of all) {
      const group = groupIdOf(told);
      for (const { fingerprint, startsAt, status } of told.alerts) {
        const key = `${group} ${fingerprint} ${startsAt}`;
        if (status === 'resolved') over.add(key);
        else if (over.has(key)) return true;
        else if (this.#parts.incidents.find(group, fingerprint, startsAt)?.state === 'resolved') {
          return true;
        }
      }
    }
    return false;
  }

  async #compare(room: RoomId, signal: AbortSignal): Promise<void> {
    const { database, incidents, teller, witness, clock } = this.#parts;
    this.#comparedAt = clock.monotonic();
    if (incidents.firing(null, 1).length === 0) return;
    const evidence = await witness(signal);
    if (signal.aborted) return;
    database.transaction(() => {
      const now = clock.now();
      teller.tell(endUnreported(incidents, evidence, now), room, now);
    });
  }

  #prune(): void {
    if (!this.#isDue(this.#prunedAt, pruneEveryMs)) return;
    const { database, incidents, messages, clock } = this.#parts;
    this.#prunedAt = clock.monotonic();
    database.transaction(() => {
      const before = clock.now() - keptMs;
      incidents.prune(before, 10_000);
      messages.prune(before);
    });
  }
}
