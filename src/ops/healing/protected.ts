import type { WordKey } from '../../core/words/index.ts';

/**
 * Components that nobody restarts but a person, by key, with the reason. A database that crashes is
 * mostly recovering or out of space: a restart begins the recovery anew, and hides what went before.
 */
export const neverByItself: ReadonlyMap<string, WordKey> = new Map([
  ['postgres', 'healing.protected.postgres'],
]);

/** Components without which others fail: while one of them is broken, only it can be the cure. */
export const foundations: ReadonlySet<string> = new Set(['postgres', 'redis', 'synapse']);
