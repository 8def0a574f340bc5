import type { Evidence } from '../../ops/alerts/incident.ts';
import type { Witness } from '../../ops/alerts/evidence.ts';
import { AlertIntake } from '../../ops/alerts/intake.ts';
import { groupIdOf, readNotification, type Notification } from '../../ops/alerts/notification.ts';
import { Turns, type Idle } from '../../ops/alerts/turns.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { AlertNews } from '../../platform/store/alert-news.ts';
import type { AlertPost, AlertPosts } from '../../platform/store/alert-posts.ts';
import type { Database } from '../../platform/store/database.ts';

/** What taking in is made of. */
export interface TakingInParts {
  readonly database: Pick<Database, 'relaxedTransaction'>;
  readonly posts: AlertPosts;
  readonly incidents: AlertIncidents;
  readonly news: AlertNews;
  readonly clock: Clock;
  /** Asks Alertmanager for its list as it is now. */
  readonly witness: (signal: AbortSignal) => Promise<Witness>;
  /** Waits for those who wait for the answer to a post. Default: there are none. */
  readonly idle?: Idle;
}

/** Of posts that are taken in with one transaction: a hundred alerts or so, as one part of a post. */
const mostPosts = 100;
const mostBytes = 64 * 1024;

interface ReadPost extends Pick<AlertPost, 'sequence' | 'receivedAt'> {
  readonly told: Notification;
}

const unknown = (): Evidence => 'unknown';

/**
 * Turns posts into incidents and news of them, a few milliseconds at a time: posts are answered in
 * between.
 */
export class TakingIn {
  readonly #parts: TakingInParts;
  readonly #turns: Turns;
  /** Alertmanager's list, and when it was asked for: good for what had come by then. */
  #asked: { readonly witness: Witness; readonly at: number } | null = null;

  constructor(parts: TakingInParts) {
    this.#parts = parts;
    this.#turns = new Turns(parts.idle);
  }

  /** One transaction's worth of posts. False: there are none. */
  async next(signal: AbortSignal): Promise<boolean> {
    const { database, posts, incidents, news, clock } = this.#parts;
    const read = this.#read();
    const last = read.at(-1);
    if (last === undefined) return false;
    const evidence = this.#needsWitness(read) ? await this.#ask(last, signal) : unknown;
    if (signal.aborted) return false;
    // Relaxed: the post itself is on the disk until the disk has what became of it.
    database.relaxedTransaction(() => {
      const intake = new AlertIntake({ incidents, news, evidence, now: clock.now() });
      for (const { told } of read) intake.take(told);
      posts.removeUpTo(last.sequence);
    });
    if (this.#turns.isDue) await this.#turns.rest();
    return true;
  }

  #read(): readonly ReadPost[] {
    return this.#parts.posts.first(mostPosts, mostBytes).map(({ sequence, receivedAt, body }) => ({
      ...{ sequence, receivedAt, told: readNotification(body) },
    }));
  }

  async #ask({ receivedAt }: ReadPost, signal: AbortSignal): Promise<Witness> {
    if (this.#asked !== null && receivedAt < this.#asked.at) return this.#asked.witness;
    const at = this.#parts.clock.now();
    const witness = await this.#parts.witness(signal);
    this.#asked = { witness, at };
    return witness;
  }

  /** Whether anything that is over, or will be by then, is told to fire. */
  #needsWitness(all: readonly ReadPost[]): boolean {
    const over = new Set<string>();
    for (const { told } of all) {
      if (told.source !== 'alertmanager') continue;
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
}
