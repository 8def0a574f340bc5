import type { EventId } from '../../core/ids.ts';
import type { HistoryPage } from '../client/matrix-api.ts';
import type { Judged } from '../inbox/judge.ts';

/** How far back to read before giving up. */
export interface CatchUpLimits {
  readonly maxEvents: number;
  readonly pageSize: number;
}

/** So much is read in some twenty requests; what is older is told in the room. */
export const catchUpLimits: CatchUpLimits = { maxEvents: 2000, pageSize: 100 };

/** A stretch of a room's timeline of which only the end is certain. */
export interface Stretch {
  /** The newest events, oldest first, as they came. */
  readonly timeline: readonly unknown[];
  /** Where to read on backwards; null: nowhere. */
  readonly before: string | null;
  /** Judges a page; gives one verdict for each event, in their order. */
  readonly judge: (events: readonly unknown[]) => Promise<readonly (Judged | null)[]>;
  /** Whether an event was read before: there the stretch ends. */
  readonly isKnown: (event: EventId) => boolean;
  readonly page: (from: string, limit: number) => Promise<HistoryPage>;
  readonly limits: CatchUpLimits;
}

/** What lies after the newest known event. */
export interface CaughtUp {
  /** Oldest first. */
  readonly events: readonly Judged[];
  /** The newest event of all, known or not; null: there is none. */
  readonly newest: EventId | null;
  /** False: there is more between these and what was read before. */
  readonly isComplete: boolean;
}

/**
 * Reads a timeline backwards until an event that is known, or its beginning, or the limit. Events
 * are judged page by page, so that long ones that mean nothing are not kept.
 */
export async function catchUp(stretch: Stretch): Promise<CaughtUp> {
  const { judge, isKnown, page, limits } = stretch;
  const newestFirst: Judged[] = [];
  const seen = new Set<EventId>();
  let newest: EventId | null = null;

  /** True: there was a known one. */
  const take = async (oldestFirst: readonly unknown[]): Promise<boolean> => {
    const verdicts = await judge(oldestFirst);
    for (const judged of [...verdicts].reverse()) {
      if (judged === null || seen.has(judged.observed.eventId)) continue;
      newest ??= judged.observed.eventId;
      if (isKnown(judged.observed.eventId)) return true;
      seen.add(judged.observed.eventId);
      newestFirst.push(judged);
    }
    return false;
  };
  const result = (isComplete: boolean): CaughtUp => ({
    events: newestFirst.reverse(),
    newest,
    isComplete,
  });

  if (await take(stretch.timeline)) return result(true);
  let from = stretch.before;
  while (from !== null) {
    if (newestFirst.length >= limits.maxEvents) return result(false);
    const { events, end }: HistoryPage = await page(from, limits.pageSize);
    if (await take([...events].reverse())) return result(true);
    // Synapse gives an empty page with an end where the rest may not be seen.
    from = events.length === 0 || end === from ? null : end;
  }
  return result(true);
}
