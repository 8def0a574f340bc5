import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { watchedRooms } from '../sync.ts';

/**
 * Everything that the client needs for its crypto, and of the rooms what the lab looks at. Another
 * one each time that all is read anew: Synapse keeps its answer to a first sync for two minutes
 * and gives it again to the same question.
 */
const filterFor = (reading: number): string => {
  const timeline = { limit: watchedRooms.timeline.limit + reading };
  return JSON.stringify({ room: { ...watchedRooms, timeline }, presence: { not_types: ['*'] } });
};

const tokenOf = z.object({ next_batch: z.string() });

/** A server that restarts answers these through a proxy; a client goes on trying. */
const isPassing = (status: number): boolean => status >= 500;

/**
 * Stands between the Matrix SDK and `fetch` and keeps what the server answers to its syncs, word
 * for word: the SDK changes events as others refer to them, and a test wants what was sent. It
 * also hides short outages from the SDK, which would wait some five seconds after each.
 */
export class SyncTap {
  readonly #answers = new Map<string, unknown>();
  /** Ends the running long poll, to ask anew. */
  #again = new AbortController();
  #fromTheStart = false;
  #reading = 0;

  /** The answer that ended with this token, once. */
  take(nextBatch: string): unknown {
    const answer = this.#answers.get(nextBatch);
    this.#answers.delete(nextBatch);
    return answer;
  }

  /** Makes the SDK's next sync (instead of the one that waits now) one from the start. */
  readAnew(): void {
    this.#fromTheStart = true;
    this.#reading += 1;
    this.#answers.clear();
    this.#again.abort();
  }

  /** Given to the SDK as its `fetch`. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return url.pathname.endsWith('/sync') ? this.#sync(url, init ?? {}) : fetch(input, init);
  };

  async #sync(url: URL, init: RequestInit): Promise<Response> {
    for (;;) {
      url.searchParams.set('filter', filterFor(this.#reading));
      if (this.#again.signal.aborted) this.#again = new AbortController();
      if (this.#fromTheStart) url.searchParams.delete('since');
      if (this.#fromTheStart) url.searchParams.set('timeout', '0');
      const again = this.#again.signal;
      const signal = AbortSignal.any([again, ...(init.signal ? [init.signal] : [])]);
      try {
        const response = await fetch(url, { ...init, signal });
        const text = await response.text();
        if (again.aborted) continue;
        if (isPassing(response.status)) {
          await pause(50, undefined, { signal });
          continue;
        }
        if (response.ok) {
          this.#fromTheStart = false;
          const answer: unknown = JSON.parse(text);
          this.#answers.set(tokenOf.parse(answer).next_batch, answer);
        }
        return new Response(text, { status: response.status, headers: response.headers });
      } catch (error) {
        if (init.signal?.aborted === true) throw error;
        // fetch throws a TypeError when there is no connection.
        if (!again.aborted && !(error instanceof TypeError)) throw error;
        if (!again.aborted) await pause(50, undefined, { signal: init.signal ?? undefined });
      }
    }
  }
}
