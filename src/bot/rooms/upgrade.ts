import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RoomId, UserId } from '../../core/ids.ts';
import { say } from '../../core/text.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import { roomIdSchema } from '../client/answers.ts';
import { describeFailure, failureOf } from '../client/failure.ts';
import { announce } from '../message-content.ts';
import { ownJoin, type OwnRoomParts } from './own-room.ts';
import type { EncryptionGuard } from './encryption-guard.ts';

const tombstone = z.object({ replacement_room: roomIdSchema });
const creation = z.object({ predecessor: z.object({ room_id: roomIdSchema }) });

/** What following an upgrade needs. */
export interface UpgradeParts extends OwnRoomParts {
  readonly outbox: SqliteOutbox;
  readonly guard: EncryptionGuard;
}

/** A room that is said to take another one's place. */
export interface Upgrade {
  readonly from: RoomId;
  readonly to: RoomId;
}

/**
 * What a tombstone asks for; null where it is not to be followed: only a listed admin may move the
 * place where commands are given.
 */
export function readTombstone(
  { people, log, self }: Pick<UpgradeParts, 'people' | 'log' | 'self'>,
  from: RoomId,
  sender: UserId,
  content: unknown,
): Upgrade | null {
  const parsed = tombstone.safeParse(content);
  if (!parsed.success) return null;
  const to = parsed.data.replacement_room;
  if (sender === self || people.roleOf(sender) === 'admin') return { from, to };
  const alert = 'somebody who is no listed admin upgraded the admin room; the bot does not follow';
  log.error({ room: from, sender, replacement: to }, alert);
  return null;
}

/**
 * Moves to the room that takes the place of another one. `waiting`: the bot is not let in yet.
 * `refused`: it does not name the old one as its predecessor, or is in clear and the old one is not.
 * Throws `MatrixFailure`.
 */
export async function follow(
  parts: UpgradeParts,
  { from, to }: Upgrade,
): Promise<'followed' | 'waiting' | 'refused'> {
  const { api, log, guard, database, store, outbox, language, clock } = parts;
  try {
    await api.join(to);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== 'refused') throw error;
    log.warn({ room: to, failure: describeFailure(failure) }, 'waiting for an invitation');
    return 'waiting';
  }
  const made = creation.safeParse((await api.stateEvent(to, 'm.room.create', ''))?.content);
  const isSuccessor = made.success && made.data.predecessor.room_id === from;
  // What was said to be read by nobody else must not go on in clear.
  const isSafe = (await guard.ask(from)) === 'plain' || (await guard.ask(to)) === 'encrypted';
  if (!isSuccessor || !isSafe) {
    log.error({ room: from, replacement: to, isSuccessor, isSafe }, 'not followed');
    await api.leave(to);
    return 'refused';
  }
  const join = await ownJoin(parts, to);
  database.transaction(() => {
    const now = clock.now();
    const { purpose = 'admin', name = null } = store.find(from) ?? {};
    if (store.find(to) === null) {
      const marker = randomUUID();
      store.intend(marker, purpose, 'followed', now, null, name);
      store.settle(marker, to);
    }
    join();
    store.replace(from, to);
    const text = say(purpose === 'alerts' ? 'chat.followed-alerts' : 'chat.followed');
    const nodes = [{ type: 'paragraph', text }] as const;
    for (const row of announce({ room: to, nodes, language: language() })) outbox.add(row, now);
  });
  log.info({ room: from, replacement: to }, 'followed the upgrade of the room');
  return 'followed';
}
