import type { RoomId, UserId } from '../../core/ids.ts';
import type { Role } from '../../core/roles.ts';
import type { RoomPurpose } from '../../platform/store/rooms.ts';

/** What the bot takes from people in a room. */
export type AcceptedAction = 'command' | 'answer' | 'reaction';

/** A room as the bot sees it. Alert rooms will be a further purpose. */
export interface Room {
  readonly id: RoomId;
  readonly purpose: RoomPurpose;
  readonly accepts: readonly AcceptedAction[];
}

/** What a purpose allows. */
export const acceptedFor: Readonly<Record<RoomPurpose, readonly AcceptedAction[]>> = {
  admin: ['command', 'answer', 'reaction'],
  // Verification is no action in this sense: keys hear of it, not the inbox.
  direct: [],
};

/** The list of people, as far as rooms need it. */
export interface Listed {
  /** Null: not on the list. */
  roleOf(user: UserId): Role | null;
  list(): readonly { readonly user: UserId; readonly role: Role }[];
}
