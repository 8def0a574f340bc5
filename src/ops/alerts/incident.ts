/** What is known of one incident: a fingerprint in its group with one `startsAt`. */
export interface KnownIncident {
  readonly state: 'firing' | 'resolved';
  /** Of the last resolve that was told, ms since the epoch; null: none was, or without a moment. */
  readonly endsAt: number | null;
}

/** What a notification says of it. Times in ms since the epoch. */
export interface ToldAlert {
  readonly status: 'firing' | 'resolved';
  readonly startsAt: number;
  readonly endsAt: number | null;
}

/**
 * What Alertmanager's own list says of a fingerprint. `unknown`: it could not be asked, or has not
 * been up for long enough for its not having it to mean anything.
 */
export type Evidence = 'active' | 'absent' | 'unknown';

/**
 * What becomes of an incident. `short`: it began and ended before anybody heard of it; `late`: told
 * after a newer one of the same fingerprint; `replay`: old news, without effect.
 */
export type Verdict = 'opened' | 'short' | 'late' | 'same' | 'resolved' | 'reopened' | 'replay';

/**
 * Judges one alert of a notification (docs/alerts.md, the table; alerts-monitoring §6 number 6).
 * `newestStart`: of the newest incident known of this fingerprint in its group; null: there is none.
 * `evidence` is only looked at where something that was resolved is told to fire.
 *
 * Delivery is at least once and in any order, so the same notification may come again at any time.
 * But Alertmanager itself sends firing, resolved, firing with the same `startsAt` after it had lost
 * Prometheus for a while: only asking it tells that from a replay.
 */
export function judge(
  known: KnownIncident | null,
  newestStart: number | null,
  told: ToldAlert,
  evidence: Evidence,
): Verdict {
  const isOutdated = newestStart !== null && told.startsAt < newestStart;
  if (known === null) {
    if (isOutdated) return 'late';
    return told.status === 'firing' ? 'opened' : 'short';
  }
  if (told.status === known.state) return 'same';
  if (told.status === 'resolved') {
    const isUndone = known.endsAt !== null && (told.endsAt ?? 0) <= known.endsAt;
    return isUndone ? 'replay' : 'resolved';
  }
  if (isOutdated) return 'replay';
  switch (evidence) {
    case 'absent':
      return 'replay';
    case 'active':
    case 'unknown':
      return 'reopened';
    default:
      return evidence satisfies never;
  }
}
