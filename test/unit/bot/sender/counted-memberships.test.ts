import { expect, test } from 'vitest';
import { MatrixFailure } from '../../../../src/bot/client/failure.ts';
import { createMatrixApi } from '../../../../src/bot/client/http-matrix-api.ts';
import type { MatrixApi } from '../../../../src/bot/client/matrix-api.ts';
import { withCountedMemberships } from '../../../../src/bot/sender/counted-memberships.ts';
import { RateBudget } from '../../../../src/bot/sender/rate-budget.ts';
import { parseRoomId, parseUserId } from '../../../../src/core/ids.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { FakeClock } from '../fake-clock.ts';

const room = parseRoomId('!room:lab.test');
const alice = parseUserId('@alice:lab.test');

function open(answers: Partial<MatrixApi>) {
  const clock = new FakeClock();
  const budget = new RateBudget(() => clock.monotonic());
  const nowhere = createMatrixApi({ url: 'http://lab.test', accessToken: new Secret('none') });
  return { budget, api: withCountedMemberships({ ...nowhere, ...answers }, budget) };
}

test('[#18] a room that was made and people who were asked into it leave less for chatter (fake clock)', async () => {
  const { budget, api } = open({
    createRoom: () => Promise.resolve(room),
    ...{ join: () => Promise.resolve(), leave: () => Promise.resolve() },
    invite: () => Promise.resolve(),
    joinedRooms: () => Promise.resolve([room]),
  });
  expect(await api.createRoom({})).toBe(room);
  await api.join(room);
  await api.invite(room, alice);
  await api.leave(room);
  expect(budget.available).toBe(6);
  expect(budget.allows('progress')).toBe(true);
  await api.invite(room, alice);
  expect(budget.allows('progress')).toBe(false);
  expect(budget.allows('answer')).toBe(true);
  expect(await api.joinedRooms()).toEqual([room]);
  expect(budget.available).toBe(5);
});

test('what another limit refuses says nothing about messages (fake clock)', async () => {
  const limited = new MatrixFailure({ kind: 'limited', retryAfterMs: 60_000 });
  const { budget, api } = open({ invite: () => Promise.reject(limited) });
  await expect(api.invite(room, alice)).rejects.toBe(limited);
  expect([budget.available, budget.heldMs]).toEqual([10, 0]);
});
