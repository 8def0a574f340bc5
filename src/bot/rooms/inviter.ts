import { z } from 'zod';
import type { UserId } from '../../core/ids.ts';
import { userIdSchema } from '../client/answers.ts';

const strippedMember = z.object({
  type: z.literal('m.room.member'),
  state_key: z.string(),
  sender: userIdSchema,
  content: z.object({ membership: z.literal('invite') }),
});

/** Who invited us, as the stripped state of an invitation says; null: it does not say. */
export function readRawInviter(state: readonly unknown[], self: UserId): UserId | null {
  for (const event of state) {
    const parsed = strippedMember.safeParse(event);
    if (parsed.success && parsed.data.state_key === self) return parsed.data.sender;
  }
  return null;
}
