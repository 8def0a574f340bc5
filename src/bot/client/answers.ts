import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { RoomId, UserId } from '../../core/ids.ts';
import { parseEventId, parseRoomId, parseUserId } from '../../core/ids.ts';
import { jsonObjectSchema } from '../../core/json.ts';
import type { HistoryPage, StateEvent, SyncAnswer } from './matrix-api.ts';

/** A branded id out of an answer: what has not its form is an issue of the answer, not an error of a person. */
function idSchema<Id extends string>(parse: (text: string) => Id) {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      context.addIssue({ code: 'custom', message: 'not an id of this kind', input: text });
      return z.NEVER;
    }
  });
}

/** A room id that came from outside. */
export const roomIdSchema = idSchema(parseRoomId);
/** An event id that came from outside. */
export const eventIdSchema = idSchema(parseEventId);
/** A user id that came from outside. */
export const userIdSchema = idSchema(parseUserId);

/** What has no proper room id can't be a room of ours. */
function byRoom<Section, Part>(
  sections: Readonly<Record<string, Section>>,
  pick: (section: Section) => Part,
): ReadonlyMap<RoomId, Part> {
  const rooms = new Map<RoomId, Part>();
  for (const [key, section] of Object.entries(sections)) {
    const id = roomIdSchema.safeParse(key);
    if (id.success) rooms.set(id.data, pick(section));
  }
  return rooms;
}

/** What is no user id can't be a person who we know. */
function usersIn(texts: readonly string[]): readonly UserId[] {
  return texts.flatMap((text) => {
    const id = userIdSchema.safeParse(text);
    return id.success ? [id.data] : [];
  });
}

const joinedRoom = z.object({
  timeline: z
    .object({
      events: z.array(z.unknown()).default([]),
      limited: z.boolean().default(false),
      prev_batch: z.string().nullish(),
    })
    .optional(),
});
const invitedRoom = z.object({
  invite_state: z.object({ events: z.array(z.unknown()).default([]) }).optional(),
});

/** `GET /sync`. Strict about the frame, so that nothing is skipped unseen; lenient about events. */
export const syncAnswer = z
  .object({
    next_batch: z.string().min(1),
    to_device: z.object({ events: z.array(z.unknown()).default([]) }).optional(),
    device_lists: z
      .object({ changed: z.array(z.string()).default([]), left: z.array(z.string()).default([]) })
      .optional(),
    device_one_time_keys_count: z.record(z.string(), z.int().nonnegative()).default({}),
    device_unused_fallback_key_types: z.array(z.string()).nullish(),
    rooms: z
      .object({
        join: z.record(z.string(), joinedRoom).default({}),
        invite: z.record(z.string(), invitedRoom).default({}),
        leave: z.record(z.string(), z.unknown()).default({}),
      })
      .optional(),
  })
  .transform((answer): SyncAnswer => {
    const { join = {}, invite = {}, leave = {} } = answer.rooms ?? {};
    return {
      next: answer.next_batch,
      crypto: {
        toDevice: answer.to_device?.events ?? [],
        changed: usersIn(answer.device_lists?.changed ?? []),
        left: usersIn(answer.device_lists?.left ?? []),
        oneTimeKeys: new Map(Object.entries(answer.device_one_time_keys_count)),
        fallbackKeys: answer.device_unused_fallback_key_types ?? null,
      },
      joined: byRoom(join, ({ timeline }) => ({
        events: timeline?.events ?? [],
        limited: timeline?.limited ?? false,
        before: timeline?.prev_batch ?? null,
      })),
      invited: byRoom(invite, ({ invite_state: state }) => state?.events ?? []),
      left: [...byRoom(leave, () => null).keys()],
    };
  });

/** `GET /rooms/{room}/messages` */
export const historyAnswer = z
  .object({ chunk: z.array(z.unknown()), end: z.string().nullish() })
  .transform((page): HistoryPage => ({ events: page.chunk, end: page.end ?? null }));

/** `GET /account/whoami` */
export const whoamiAnswer = z
  .object({ user_id: userIdSchema, device_id: z.string().nullish() })
  .transform((who) => ({ userId: who.user_id, deviceId: who.device_id ?? null }));

/** `GET /versions` */
export const versionsAnswer = z.object({ versions: z.array(z.string()) });

/** `GET /capabilities` */
export const capabilitiesAnswer = z.object({
  capabilities: z.object({ 'm.room_versions': z.object({ default: z.string() }).optional() }),
});

/** Whatever makes an event. */
export const sentAnswer = z.object({ event_id: eventIdSchema });

/** `GET /rooms/{room}/state/{type}/{key}?format=event` */
export const stateEventAnswer = z
  .object({
    type: z.string(),
    state_key: z.string(),
    sender: userIdSchema,
    event_id: eventIdSchema,
    content: jsonObjectSchema,
  })
  .transform((event): StateEvent => ({
    type: event.type,
    stateKey: event.state_key,
    sender: event.sender,
    eventId: event.event_id,
    content: event.content,
  }));

const member = z.object({
  state_key: userIdSchema,
  content: z.object({ membership: z.string() }),
});

/** `GET /rooms/{room}/members` */
export const membersAnswer = z.object({ chunk: z.array(z.unknown()) }).transform(({ chunk }) => {
  const members = chunk.map((event) => member.safeParse(event)).filter((event) => event.success);
  return new Map(members.map(({ data }) => [data.state_key, data.content.membership]));
});

/** `GET /joined_rooms` */
export const joinedRoomsAnswer = z.object({ joined_rooms: z.array(roomIdSchema) });

/** `POST /createRoom` */
export const createdAnswer = z.object({ room_id: roomIdSchema });

/** `POST /media/upload` */
export const uploadAnswer = z.object({ content_uri: z.string().startsWith('mxc://') });

/** An answer whose content does not matter. */
export const anyAnswer = z.object({});
