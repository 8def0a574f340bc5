import type { AlertPosts } from '../../platform/store/alert-posts.ts';
import type { OutboxWatch } from '../../platform/store/outbox-watch.ts';
import type { Head } from './stall-watch.ts';

/** Where what waits for Matrix lies. */
export interface MatrixQueues {
  readonly outbox: OutboxWatch;
  readonly posts: Pick<AlertPosts, 'first'>;
}

/**
 * What stands first in each queue to Matrix. `lastPlace`: the room for what can be told nowhere else
 * (null: not known yet). Where that one refuses for good, e.g. because we may not speak there,
 * nothing waits and nothing arrives; it is one head as long as nothing is taken.
 */
export function matrixHeads(
  { outbox, posts }: MatrixQueues,
  lastPlace: string | null,
): readonly Head[] {
  const refusedSince = lastPlace === null ? null : outbox.refusedSince(lastPlace);
  return [
    ...outbox.waiting().map(({ room, sequence, queuedAt }) => ({
      ...{ key: `${room} ${sequence}`, queuedAt },
    })),
    // A bot that began without its home server knows no room yet.
    ...posts.first(1, 1).map(({ sequence, receivedAt }) => ({
      ...{ key: `post ${sequence}`, queuedAt: receivedAt },
    })),
    ...(refusedSince === null ? [] : [{ key: 'refused', queuedAt: refusedSince }]),
  ];
}
