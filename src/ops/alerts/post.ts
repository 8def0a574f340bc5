import type { Notification } from './notification.ts';

/** More alerts than this in one post are refused. */
export const mostAlerts = 20_000;

/** Alerts that are stored and taken in together: some milliseconds of work. */
export const alertsPerPart = 100;

/**
 * What became of a body. `ok`: its notification, in parts of at most {@link alertsPerPart} alerts, one
 * at least. `too-many`: alerts. `invalid`: the reason is for the sender's log.
 */
export type PostResult =
  | { readonly kind: 'ok'; readonly parts: readonly Notification[] }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'too-many' };
