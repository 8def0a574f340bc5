import type { UserId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { usualRotation } from '../crypto/group-encryption.ts';
import { z } from 'zod';
import { anchorEventType } from '../audit-anchor.ts';
import type { Listed } from './room.ts';

/** Key of our mark in a room's creation event. */
const markKey = 'io.urtc.room';

const madePurposes = ['admin', 'alerts'] as const;
/** What a room that the bot made by {@link creationOf} is for. */
export type MadePurpose = (typeof madePurposes)[number];

/** What our mark says besides the marker: what the room is for, and what the config calls it. */
export interface RoomMark {
  readonly purpose: MadePurpose;
  /** Null: the admin room. */
  readonly name: string | null;
}

const markedCreation = z.object({
  [markKey]: z.object({
    purpose: z.enum(madePurposes),
    name: z.string().nullable().default(null),
    marker: z.string(),
  }),
});

/** The marker of a room that a bot made for this, from the content of its `m.room.create`; null: it is none. */
export function markerOf(content: JsonObject, { purpose, name }: RoomMark): string | null {
  const { data } = markedCreation.safeParse(content);
  const mark = data?.[markKey];
  return mark?.purpose === purpose && mark.name === name ? mark.marker : null;
}

/** Whether who creates a room of this version is above all power levels (MSC4289, room version 12). */
export function hasCreators(version: string): boolean {
  return /^\d+$/.test(version) && Number(version) >= 12;
}

/** What a room is made of. */
export interface RoomCreation {
  readonly mark: RoomMark;
  readonly self: UserId;
  readonly marker: string;
  readonly roomVersion: string;
  readonly name: string;
  readonly topic: string;
  readonly people: Listed;
  readonly isEncrypted: boolean;
}

/** Content of `m.room.encryption`, with the rotation that the spec advises. */
export const encryptionContent: JsonObject = {
  algorithm: 'm.megolm.v1.aes-sha2',
  rotation_period_ms: usualRotation.periodMs,
  rotation_period_msgs: usualRotation.messages,
};

/**
 * The body of `POST /createRoom` for the admin room or one for alerts: by invitation only, on this server only, history
 * for members only from when they joined. People with the role admin may invite and remove; what
 * decides who reads and what is true (encryption, power, upgrade, our anchors) only the bot may set.
 * Nobody is invited here: one invitation that fails would fail the room.
 */
export function creationOf(plan: RoomCreation): JsonObject {
  const { self, marker, roomVersion, name, topic, people, isEncrypted } = plan;
  const { purpose, name: called } = plan.mark;
  const mark = { purpose, marker, ...(called === null ? {} : { name: called }) };
  const admins = people.list().filter(({ role }) => role === 'admin');
  const users = Object.fromEntries(admins.map(({ user }) => [user, 50]));
  return {
    preset: 'private_chat',
    visibility: 'private',
    room_version: roomVersion,
    name,
    topic,
    creation_content: { 'm.federate': false, [markKey]: mark },
    initial_state: [
      { type: 'm.room.join_rules', state_key: '', content: { join_rule: 'invite' } },
      {
        type: 'm.room.history_visibility',
        state_key: '',
        content: { history_visibility: 'joined' },
      },
      { type: 'm.room.guest_access', state_key: '', content: { guest_access: 'forbidden' } },
      ...(isEncrypted
        ? [{ type: 'm.room.encryption', state_key: '', content: encryptionContent }]
        : []),
    ],
    power_level_content_override: {
      // A creator may not stand among the users (room version 12).
      users: hasCreators(roomVersion) ? users : { ...users, [self]: 100 },
      users_default: 0,
      events_default: 0,
      state_default: 50,
      invite: 50,
      kick: 50,
      ban: 50,
      redact: 50,
      events: {
        [anchorEventType]: 100,
        'm.room.power_levels': 100,
        'm.room.encryption': 100,
        'm.room.history_visibility': 100,
        'm.room.join_rules': 100,
        'm.room.guest_access': 100,
        'm.room.server_acl': 100,
        // From version 12 on an upgrade needs more than any user can have but the creator.
        'm.room.tombstone': hasCreators(roomVersion) ? 150 : 100,
      },
    },
  };
}
