import { z } from 'zod';
import type { SyncJson } from './rules.ts';

const withTimelines = z.looseObject({
  rooms: z
    .looseObject({
      join: z
        .record(
          z.string(),
          z.looseObject({
            timeline: z.looseObject({ events: z.array(z.unknown()).optional() }).optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});

/** Room id → timeline events of a /sync answer. */
export type Batch = ReadonlyMap<string, readonly unknown[]>;

/** The timeline events of a /sync answer, empty rooms left out. */
export const batchOf = (answer: SyncJson): Batch => {
  const batch = new Map<string, readonly unknown[]>();
  for (const [roomId, room] of Object.entries(withTimelines.parse(answer).rooms?.join ?? {})) {
    const events = room.timeline?.events ?? [];
    if (events.length > 0) batch.set(roomId, events);
  }
  return batch;
};

/** The same answer with more timeline events, put before its own. */
export const withEvents = (answer: SyncJson, batch: Batch): SyncJson => {
  const parsed = withTimelines.parse(answer);
  const join = { ...parsed.rooms?.join };
  for (const [roomId, events] of batch) {
    const { timeline, ...room } = join[roomId] ?? {};
    join[roomId] = {
      ...room,
      timeline: { ...timeline, events: [...events, ...(timeline?.events ?? [])] },
    };
  }
  return { ...parsed, rooms: { ...parsed.rooms, join } };
};
