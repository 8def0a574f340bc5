import { setTimeout as pause } from 'node:timers/promises';
import { HttpFailure, requestJson } from './http.ts';
import { SeenRooms, type Session } from './seen.ts';
import type { Timeline } from './timeline.ts';

/** Asked anew each time: it becomes true while a request is waited for. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;

/** What of a sync the lab looks at, and how many events of a room at once. */
export const watchedRooms = {
  timeline: { limit: 500 },
  ephemeral: { not_types: ['*'] },
} as const;

const filter = JSON.stringify({
  room: watchedRooms,
  presence: { not_types: ['*'] },
  account_data: { not_types: ['*'] },
});

/** How a person sees the rooms: by a plain long poll, or by a client that can decrypt. */
export interface Eyes {
  /** Rooms that the person is invited to. */
  readonly invites: ReadonlySet<string>;
  /** Those of them that are direct chats. */
  readonly directInvites: ReadonlySet<string>;
  /** The token that the next request asks from. */
  readonly position: string | undefined;
  timeline(roomId: string): Timeline;
  /** Calls `look` after every batch, until the returned function is called. */
  onBatch(look: () => void): () => void;
  /** Starts to look; returns when the first answer is in. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Forgets all that was seen and reads the rooms anew. */
  lookAgain(): Promise<void>;
}

/** A person's own long poll, which fills a timeline per room until it is stopped. */
export class SyncLoop implements Eyes {
  readonly #session: Session;
  #seen: SeenRooms;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  readonly #waiting = new Set<() => void>();

  constructor(session: Session) {
    this.#session = session;
    this.#seen = new SeenRooms(session);
  }

  get invites(): ReadonlySet<string> {
    return this.#seen.invites;
  }

  get directInvites(): ReadonlySet<string> {
    return this.#seen.directInvites;
  }

  get position(): string | undefined {
    return this.#seen.position;
  }

  timeline(roomId: string): Timeline {
    return this.#seen.timeline(roomId);
  }

  async start(): Promise<void> {
    this.#stop = new AbortController();
    await this.#once(0);
    this.#running = this.#loop();
    // Kept for `stop`, which tells it; without this line Node would end the test process.
    this.#running.catch(() => undefined);
  }

  /** @throws what ended the loop before its time: an answer that is no sync answer. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async lookAgain(): Promise<void> {
    await this.stop();
    this.#seen = new SeenRooms(this.#session);
    await this.start();
  }

  onBatch(look: () => void): () => void {
    this.#waiting.add(look);
    return () => void this.#waiting.delete(look);
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#once(30_000);
      } catch (error) {
        if (isOver(signal)) return;
        if (error instanceof HttpFailure && error.status === 401) return;
        // fetch throws a TypeError when there is no connection; anything else is our own fault.
        if (!(error instanceof HttpFailure || error instanceof TypeError)) throw error;
        // The server is down or restarts: a person's client simply goes on trying.
        await pause(50);
      }
    }
  }

  async #once(timeoutMs: number): Promise<void> {
    const query = new URLSearchParams({ timeout: String(timeoutMs), filter });
    if (this.position !== undefined) query.set('since', this.position);
    await this.#seen.take(
      await requestJson(this.#session.baseUrl, {
        path: `/_matrix/client/v3/sync?${query.toString()}`,
        token: this.#session.accessToken,
        signal: this.#stop.signal,
      }),
    );
    for (const look of [...this.#waiting]) look();
  }
}
