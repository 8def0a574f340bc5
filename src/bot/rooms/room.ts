import type { RoomId, UserId } from '../../core/ids.ts';
import type { Role } from '../../core/roles.ts';
import type { RoomPurpose } from '../../platform/store/rooms.ts';

/** What the bot takes from people in a room. */
export type AcceptedAction = 'command' | 'answer' | 'reaction';

/** A room as the bot sees it. */
export interface Room {
  readonly id: RoomId;
  readonly purpose: RoomPurpose;
  readonly accepts: readonly AcceptedAction[];
}

/** What the admin room is for. */
export const acceptedByAdmin: readonly AcceptedAction[] = ['command', 'answer', 'reaction'];

/** What people may do in a room for alerts, as the config says it. */
export type AlertRoomAction = 'command' | 'reaction';

/** A question is answered where it was asked, whatever had it asked. */
export function acceptedBy(actions: readonly AlertRoomAction[]): readonly AcceptedAction[] {
  return actions.length === 0 ? [] : [...new Set(actions), 'answer'];
}

/** A room for alerts that the config names. */
export interface AlertRoomPlan {
  /** What the config calls it. */
  readonly name: string;
  readonly wanted: 'create' | RoomId;
  readonly accepts: readonly AcceptedAction[];
}

/** The list of people, as far as rooms need it. */
export interface Listed {
  /** Null: not on the list. */
  roleOf(user: UserId): Role | null;
  list(): readonly { readonly user: UserId; readonly role: Role }[];
}
