import type { MatrixApi } from '../client/matrix-api.ts';
import type { RateBudget } from './rate-budget.ts';

/**
 * The same home server, where what the bot does to rooms and memberships is noted in the budget too:
 * Synapse takes each of these from the bucket that messages are taken from (`rc_message`;
 * handlers/room.py, handlers/room_member.py). Unnoted, a bot that has made its room and asked people
 * into it would spend on chatter what answers need. A refusal is not noted: other limits refuse these
 * as well and say nothing about messages.
 */
export function withCountedMemberships(
  api: MatrixApi,
  budget: Pick<RateBudget, 'noteSent'>,
): MatrixApi {
  const counted =
    <Given extends readonly unknown[], Got>(call: (...given: Given) => Promise<Got>) =>
    async (...given: Given): Promise<Got> => {
      const got = await call(...given);
      budget.noteSent();
      return got;
    };
  return {
    ...api,
    createRoom: counted((options) => api.createRoom(options)),
    join: counted((room) => api.join(room)),
    leave: counted((room) => api.leave(room)),
    invite: counted((room, user) => api.invite(room, user)),
  };
}
