import { z } from 'zod';
import { labEvent, type LabEvent } from './event.ts';
import { requestJson, route } from './http.ts';
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

/** Who syncs, and with which server. */
export interface Session {
  readonly baseUrl: string;
  readonly accessToken: string;
}

/** Makes of an event on the wire what the person sees: decrypts it, where it is encrypted. */
export type Reading = (roomId: string, event: LabEvent) => Promise<LabEvent>;

const asItCame: Reading = async (_roomId, event) => Promise.resolve(event);

const invitation = z.object({
  invite_state: z.object({
    events: z.array(
      z.looseObject({ content: z.looseObject({ is_direct: z.unknown().optional() }) }),
    ),
  }),
});

function isDirect(raw: unknown): boolean {
  const parsed = invitation.safeParse(raw);
  return (
    parsed.success &&
    parsed.data.invite_state.events.some(({ content }) => content.is_direct === true)
  );
}

/** All that one person has seen of the rooms, put together from the answers to its syncs. */
export class SeenRooms {
  /** Rooms that the person is invited to. */
  readonly invites = new Set<string>();
  /** Those of them that are direct chats. */
  readonly directInvites = new Set<string>();
  /** The token that the next request asks from. */
  position: string | undefined;
  readonly #session: Session;
  readonly #read: Reading;
  readonly #timelines = new Map<string, Timeline>();

  constructor(session: Session, read: Reading = asItCame) {
    this.#session = session;
    this.#read = read;
  }

  timeline(roomId: string): Timeline {
    let timeline = this.#timelines.get(roomId);
    if (timeline === undefined) this.#timelines.set(roomId, (timeline = new Timeline()));
    return timeline;
  }

  /** @throws ZodError when this is no answer to a sync; HttpFailure when a gap can't be filled. */
  async take(received: unknown): Promise<void> {
    const answer = syncAnswer.parse(received);
    for (const [roomId, invitation] of Object.entries(answer.rooms?.invite ?? {})) {
      this.invites.add(roomId);
      if (isDirect(invitation)) this.directInvites.add(roomId);
    }
    const rooms = { ...answer.rooms?.leave, ...answer.rooms?.join };
    for (const [roomId, room] of Object.entries(rooms)) {
      this.invites.delete(roomId);
      this.directInvites.delete(roomId);
      await this.#takeRoom(roomId, room.timeline);
    }
    this.position = answer.next_batch;
  }

  async #takeRoom(roomId: string, batch: z.infer<typeof roomTimeline> | undefined): Promise<void> {
    const timeline = this.timeline(roomId);
    if (batch === undefined) return;
    if (batch.limited && batch.prev_batch !== undefined && timeline.events.length > 0) {
      timeline.gaps += 1;
      await this.#show(roomId, await this.#missed(roomId, batch.prev_batch));
    }
    await this.#show(roomId, batch.events);
  }

  /** Reads all at once (one may wait for its key), shows them in their order. */
  async #show(roomId: string, events: readonly LabEvent[]): Promise<void> {
    const timeline = this.timeline(roomId);
    const unseen = events.filter((event) => !timeline.has(event.event_id));
    const read = await Promise.all(unseen.map((event) => this.#read(roomId, event)));
    for (const event of read) timeline.add(event);
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
