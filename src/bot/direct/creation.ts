import { z } from 'zod';
import type { UserId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { encryptionContent, hasCreators } from '../rooms/creation.ts';

const markKey = 'io.urtc.room';
const marked = z.object({
  [markKey]: z.object({ purpose: z.literal('direct'), marker: z.string() }),
});

/** The marker of a direct room that a bot made, from its `m.room.create`; null: it is none. */
export function directMarkerOf(content: JsonObject): string | null {
  const parsed = marked.safeParse(content);
  return parsed.success ? parsed.data[markKey].marker : null;
}

/** What a direct room is made of. */
export interface DirectRoomPlan {
  readonly self: UserId;
  readonly person: UserId;
  readonly marker: string;
  readonly roomVersion: string;
}

/**
 * The body of `POST /createRoom` for a direct chat: encrypted from the start, on this server only,
 * history for members only. Both write; nobody but the bot may invite a third one.
 */
export function directCreationOf(plan: DirectRoomPlan): JsonObject {
  const { self, person, marker, roomVersion } = plan;
  const state = (type: string, content: JsonObject) => ({ type, state_key: '', content });
  return {
    preset: 'private_chat',
    visibility: 'private',
    is_direct: true,
    invite: [person],
    room_version: roomVersion,
    creation_content: { 'm.federate': false, [markKey]: { purpose: 'direct', marker } },
    initial_state: [
      state('m.room.join_rules', { join_rule: 'invite' }),
      state('m.room.history_visibility', { history_visibility: 'joined' }),
      state('m.room.guest_access', { guest_access: 'forbidden' }),
      state('m.room.encryption', encryptionContent),
    ],
    power_level_content_override: {
      // A creator may not stand among the users (room version 12).
      users: hasCreators(roomVersion) ? {} : { [self]: 100 },
      users_default: 0,
      events_default: 0,
      ...{ state_default: 100, invite: 100, kick: 100, ban: 100, redact: 50 },
    },
  };
}
