import type { Clock } from '../../platform/clock.ts';

/** What Matrix has not taken yet: it is kept and delivered later (chatops-bots §5 number 39). */
export interface Undelivered {
  readonly messages: number;
  readonly oldestSeconds: number;
  /** Whether that is, or is about to be, told out of band. */
  readonly matrixIsOut: boolean;
}

/** Who knows of it. Null: there is no such part. */
export interface UndeliveredSources {
  readonly clock: Pick<Clock, 'now'>;
  readonly outbox: {
    depth(now: number): { readonly queued: number; readonly oldestAgeMs: number };
  };
  readonly alerts: { figures(): { readonly waiting: number; readonly oldestAgeMs: number } } | null;
  readonly notify: { figures(): { readonly matrixOut: boolean } } | null;
}

/** Counts rows of the outbox and posts of alerts that are no rows yet, as they are at each call. */
export function countUndelivered(sources: UndeliveredSources): () => Undelivered {
  return () => {
    const { clock, outbox, alerts, notify } = sources;
    const rows = outbox.depth(clock.now());
    const posts = alerts?.figures() ?? { waiting: 0, oldestAgeMs: 0 };
    return {
      messages: rows.queued + posts.waiting,
      oldestSeconds: Math.round(Math.max(rows.oldestAgeMs, posts.oldestAgeMs) / 1000),
      matrixIsOut: notify?.figures().matrixOut ?? false,
    };
  };
}
