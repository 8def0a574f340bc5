import type { StoredTrouble, TroubleSubject } from '../../platform/store/notify-troubles.ts';

/** What is seen of a subject now. `told-there`: it lasts, and the room has been told. */
export type Sight = 'bad' | 'unsettled' | 'good' | 'told-there';

/** Times of the rules, ms. */
export interface TroubleTimes {
  /** Between two reminders of one that lasts. */
  readonly remindMs: number;
  /** Between two beginnings that people are told of. */
  readonly gapMs: number;
}

/** How old the moments of a trouble are, ms; null where there is no such moment. */
export interface TroubleAges {
  readonly told: number | null;
  readonly begunTold: number | null;
}

/** A subject of which nothing is known. */
export function calm(subject: TroubleSubject): StoredTrouble {
  const never = { overAt: null, toldAt: null, begunToldAt: null };
  return { subject, phase: 'calm', since: 0, note: '', handed: {}, ...never };
}

/**
 * What becomes of a trouble by what is seen of it; the same object: nothing. `now`: ms since the
 * epoch; `begun`: since when it is believed to last.
 */
export function follow(
  trouble: StoredTrouble,
  sight: Sight,
  now: number,
  begun: number,
): StoredTrouble {
  const { subject, phase, toldAt } = trouble;
  switch (sight) {
    case 'bad':
      if (phase === 'open') return trouble;
      // It came back before anybody heard that it was over.
      if (phase === 'over')
        return { ...trouble, phase: 'open', overAt: null, note: '', handed: {} };
      return {
        ...{ ...trouble, phase: 'open', since: begun, overAt: null, toldAt: null, handed: {} },
        note: noteId(subject, 'begun', now),
      };
    case 'good':
      if (phase !== 'open') return trouble;
      if (toldAt === null) return { ...trouble, phase: 'calm', overAt: now };
      return {
        ...{ ...trouble, phase: 'over', overAt: now, handed: {} },
        note: noteId(subject, 'over', now),
      };
    case 'told-there':
      return phase === 'calm' ? trouble : { ...trouble, phase: 'calm', overAt: now };
    case 'unsettled':
      return trouble;
    default:
      return sight satisfies never;
  }
}

/** What people are to be told of a trouble now; null: nothing. */
export function dueOf(
  { phase, toldAt }: StoredTrouble,
  { told, begunTold }: TroubleAges,
  { remindMs, gapMs }: TroubleTimes,
): 'begun' | 'reminder' | 'over' | null {
  if (phase === 'over') return 'over';
  if (phase === 'calm') return null;
  if (toldAt === null) return begunTold === null || begunTold >= gapMs ? 'begun' : null;
  return told !== null && told >= remindMs ? 'reminder' : null;
}

/** Names a message; letters, digits and `-`, for it stands in headers. */
export function noteId(subject: TroubleSubject, what: string, now: number): string {
  return `urtc-${subject}-${what}-${now.toString(36)}`;
}
