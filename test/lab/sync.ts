import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { labEvent, type LabEvent } from './event.ts';
import { HttpFailure, requestJson, route } from './http.ts';
import { Timeline } from './timeline.ts';

const roomTimeline = z.object({
  events: z.array(labEvent).default([]),
  limited: z.boolean().default(false),
  prev_batch: z.string().optional(),
});

const joinedRoom = z.object({ timeline: roomTimeline.optional() });

const syncAnswer = z.object({
  next_batch: z.string(),
  rooms: z
    .object({
      join: z.record(z.string(), joinedRoom).default({}),
      leave: z.record(z.string(), joinedRoom).default({}),
      invite: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),
});

/** One page of a room's history. */
export const historyPage = z.object({
  chunk: z.array(labEvent),
  end: z.string().optional(),
});

/** Asked anew each time: it becomes true while a request is waited for. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;

const filter = JSON.stringify({
  room: { timeline: { limit: 500 }, ephemeral: { not_types: ['*'] } },
  presence: { not_types: ['*'] },
  account_data: { not_types: ['*'] },
});

/** Who syncs, and with which server. */
export interface Session {
  readonly baseUrl: string;
  readonly accessToken: string;
}

/** A person's own long poll, which fills a timeline per room until it is stopped. */
export class SyncLoop {
  /** Rooms that the person is invited to. */
  readonly invites = new Set<string>();
  /** The token that the next request asks from. */
  position: string | undefined;
  readonly #session: Session;
  readonly #timelines = new Map<string, Timeline>();
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #waiting = new Set<() => void>();

  constructor(session: Session) {
    this.#session = session;
  }

  timeline(roomId: string): Timeline {
    let timeline = this.#timelines.get(roomId);
    if (timeline === undefined) this.#timelines.set(roomId, (timeline = new Timeline()));
    return timeline;
  }

  /** Starts to sync; returns when the first answer is in. */
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

  /** Calls `look` after every batch, until the returned function is called. */
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
    const answer = syncAnswer.parse(
      await requestJson(this.#session.baseUrl, {
        path: `/_matrix/client/v3/sync?${query.toString()}`,
        token: this.#session.accessToken,
        signal: this.#stop.signal,
      }),
    );
    for (const roomId of Object.keys(answer.rooms?.invite ?? {})) this.invites.add(roomId);
    const rooms = { ...answer.rooms?.leave, ...answer.rooms?.join };
    for (const [roomId, room] of Object.entries(rooms)) {
      this.invites.delete(roomId);
      await this.#take(roomId, room.timeline);
    }
    this.position = answer.next_batch;
    for (const look of [...this.#waiting]) look();
  }

  async #take(roomId: string, batch: z.infer<typeof roomTimeline> | undefined): Promise<void> {
    const timeline = this.timeline(roomId);
    if (batch === undefined) return;
    if (batch.limited && batch.prev_batch !== undefined && timeline.events.length > 0) {
      timeline.gaps += 1;
      for (const event of await this.#missed(roomId, batch.prev_batch)) timeline.add(event);
    }
    for (const event of batch.events) timeline.add(event);
  }

  /** What lies between the last known event and a gap's end, oldest first. */
  async #missed(roomId: string, from: string): Promise<LabEvent[]> {
    const timeline = this.timeline(roomId);
    const newestFirst: LabEvent[] = [];
    let position: string | undefined = from;
    for (let page = 0; page < 200 && position !== undefined; page += 1) {
      const query = new URLSearchParams({ dir: 'b', limit: '500', from: position });
      const path = `${route`/_matrix/client/v3/rooms/${roomId}/messages`}?${query.toString()}`;
      const { chunk, end }: z.infer<typeof historyPage> = historyPage.parse(
        await requestJson(this.#session.baseUrl, { path, token: this.#session.accessToken }),
      );
      for (const event of chunk) {
        if (timeline.has(event.event_id)) return newestFirst.reverse();
        newestFirst.push(event);
      }
      position = end;
    }
    return newestFirst.reverse();
  }
}
