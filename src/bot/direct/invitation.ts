import { z } from 'zod';
import { serverOf, type RoomId, type UserId } from '../../core/ids.ts';
import { userIdSchema } from '../client/answers.ts';

const directInvite = z.object({
  type: z.literal('m.room.member'),
  state_key: z.string(),
  sender: userIdSchema,
  content: z.object({ membership: z.literal('invite'), is_direct: z.literal(true) }),
});

/** Room ids of version 12 and later name no server. */
const namesOther = (room: RoomId, server: string): boolean =>
  room.includes(':') && !room.endsWith(`:${server}`);

/**
 * Who invites us to a direct chat on our own server, as the stripped state says; null: it is none.
 */
export function readDirectInviter(
  room: RoomId,
  state: readonly unknown[],
  self: UserId,
): UserId | null {
  if (namesOther(room, serverOf(self))) return null;
  for (const event of state) {
    const parsed = directInvite.safeParse(event);
    if (!parsed.success || parsed.data.state_key !== self) continue;
    const { sender } = parsed.data;
    return serverOf(sender) === serverOf(self) ? sender : null;
  }
  return null;
}
