/** A group that has begun to fire, or has fired anew. */
export interface NewFire {
  readonly group: string;
  readonly isCritical: boolean;
  /** The message that shows it and may still be added to; null: there is none. */
  readonly shownBy: { readonly message: number; readonly kind: 'group' | 'digest' } | null;
}

/** What has been said of late. */
export interface RecentTalk {
  /** Messages for single groups made within {@link stormWindowMs}. */
  readonly messages: number;
  /** The digest that groups may still join; null: there is no storm. */
  readonly digest: number | null;
}

/** Where news go. `thread`: below the message that shows the group already. */
export type Place =
  | { readonly kind: 'thread'; readonly message: number }
  | { readonly kind: 'own' }
  | { readonly kind: 'digest' };

/** More groups than this within the window are a storm. */
export const stormGroups = 5;
/** ms */
export const stormWindowMs = 60_000;
/** So long (ms) after the last group has joined it, a digest takes more. */
export const stormCalmMs = 120_000;
/** A message older than this (ms) is not added to: nobody would see it. */
export const messageAgeMs = 24 * 3_600_000;

/**
 * Decides for each group whether its news ring in a thread, by a message of its own, or go into a
 * digest (docs/alerts.md, "Storm"). Pure; the order of the answers is that of `fires`.
 */
export function place(fires: readonly NewFire[], talk: RecentTalk): readonly Place[] {
  const isStorm =
    talk.digest !== null ||
    talk.messages + fires.filter((fire) => fire.shownBy?.kind !== 'group').length > stormGroups;
  let left = stormGroups - talk.messages;
  return fires.map((fire): Place => {
    if (fire.shownBy?.kind === 'group') return { kind: 'thread', message: fire.shownBy.message };
    if (isStorm && !(fire.isCritical && left > 0)) return { kind: 'digest' };
    left -= 1;
    return { kind: 'own' };
  });
}
