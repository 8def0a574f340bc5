import type { EventId, RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { SqliteLedger } from '../../platform/store/ledger-store.ts';
import type { Position } from '../../platform/store/sync-position.ts';
import { failureOf } from '../client/failure.ts';
import type { JoinedRoom, MatrixApi, SyncAnswer } from '../client/matrix-api.ts';
import type { OpenedEvent } from '../crypto/protection.ts';
import type { Judged } from '../inbox/judge.ts';
import type { Gap, RoomBatch } from '../inbox/room-batch.ts';
import { catchUp, type CatchUpLimits } from './catch-up.ts';
import { isRewound } from './token.ts';

/** What {@link readBatches} works with. */
export interface BatchSource {
  readonly api: Pick<MatrixApi, 'history'>;
  readonly ledger: SqliteLedger;
  readonly log: Log;
  readonly limits: CatchUpLimits;
  /** The rooms that are ours; of others nothing is read. */
  readonly rooms: () => readonly RoomId[];
  /** Opens what is encrypted, in order. Throws `MatrixFailure`. */
  readonly open: (events: readonly unknown[], room: RoomId) => Promise<readonly OpenedEvent[]>;
  readonly judge: (event: OpenedEvent, room: RoomId) => Judged | null;
}

/** One answer of `/sync` and what we knew when we asked. */
export interface Asked {
  readonly position: Position | null;
  readonly answer: SyncAnswer;
  /**
   * True after a start or a lost connection: the home server may have been restored in between, and
   * may even have counted beyond our position again. Then the position alone proves nothing.
   */
  readonly isUncertain: boolean;
  readonly signal: AbortSignal;
}

const quiet: JoinedRoom = { events: [], limited: false, before: null };

/**
 * Turns an answer of `/sync` into batches that hold every event of our rooms since the last one,
 * gaps filled. Throws `MatrixFailure`; then nothing of the answer may count as read.
 */
export async function readBatches(source: BatchSource, asked: Asked): Promise<RoomBatch[]> {
  const { position, answer } = asked;
  const wasRewound = position !== null && isRewound(position.token, answer.next);
  const batches: RoomBatch[] = [];
  for (const room of source.rooms()) {
    const section = answer.joined.get(room);
    const tail = position?.tails.get(room);
    const hasJumped = wasRewound || (await hasChanged(source, asked, room, tail));
    if (section === undefined && !hasJumped) continue;
    const part = section ?? { ...quiet, before: answer.next };
    const isWhole = !part.limited && tail !== undefined && !hasJumped;
    const batch = isWhole
      ? await wholeBatch(source, part, room, false)
      : await readGapIfIn(source, { room, part, tail, hasJumped, asked }, section !== undefined);
    if (batch !== null) batches.push(batch);
  }
  return batches;
}

const none: Gap = { kind: 'none' };

async function wholeBatch(
  source: BatchSource,
  { events: raw }: JoinedRoom,
  room: RoomId,
  isBaseline: boolean,
): Promise<RoomBatch> {
  const opened = await source.open(raw, room);
  const events = opened.map((event) => source.judge(event, room)).filter((event) => event !== null);
  const newest = events.at(-1)?.observed.eventId ?? null;
  return { room, events, newest, isBaseline, gap: none };
}

/** Whether the last event before our position is another one than it was: another past. */
async function hasChanged(
  { api, log }: BatchSource,
  { position, isUncertain, signal }: Asked,
  room: RoomId,
  tail: EventId | undefined,
): Promise<boolean> {
  if (!isUncertain || position === null || tail === undefined) return false;
  try {
    const { events } = await api.history(room, position.token, 1, signal);
    return !events.some((event) => hasId(event, tail));
  } catch (error) {
    const failure = failureOf(error);
    // Put out of the room: nothing to read there, and no reason to stop reading elsewhere.
    if (failure.kind !== 'refused') throw error;
    log.warn({ room, failure }, 'the room can not be read');
    return false;
  }
}

function hasId(event: unknown, id: EventId): boolean {
  return (
    typeof event === 'object' && event !== null && 'event_id' in event && event.event_id === id
  );
}

interface GapInRoom {
  readonly room: RoomId;
  readonly part: JoinedRoom;
  readonly tail: EventId | undefined;
  readonly hasJumped: boolean;
  readonly asked: Asked;
}

/**
 * Null: the sync says nothing of the room, and the home server does not let us read it (any more):
 * one that was set back may not know the room yet. Nothing is to be read there, and the others go on.
 */
async function readGapIfIn(
  source: BatchSource,
  gap: GapInRoom,
  isIn: boolean,
): Promise<RoomBatch | null> {
  try {
    return await readGap(source, gap);
  } catch (error) {
    if (isIn) throw error;
    const failure = failureOf(error);
    if (failure.kind !== 'refused') throw error;
    source.log.warn({ room: gap.room, failure }, 'the room can not be read');
    return null;
  }
}

async function readGap(source: BatchSource, gap: GapInRoom): Promise<RoomBatch> {
  const { api, ledger, limits, log } = source;
  const { room, part, tail, hasJumped, asked } = gap;
  if (tail === undefined && !ledger.knows(room)) return wholeBatch(source, part, room, true);
  const { events, newest, isComplete } = await catchUp({
    timeline: part.events,
    before: part.before,
    judge: async (events) =>
      (await source.open(events, room)).map((event) => source.judge(event, room)),
    isKnown: (event) => event === tail || ledger.has(event),
    page: (from, limit) => api.history(room, from, limit, asked.signal),
    limits,
  });
  log.info({ room, read: events.length, isComplete, hasJumped }, 'read what was missed');
  const until = events[0]?.sentAt;
  const told: Gap =
    !isComplete && until !== undefined
      ? { kind: 'cut', read: events.length, from: ledger.lastReadAt(room), until }
      : hasJumped
        ? { kind: 'rewound', read: events.length }
        : none;
  return { room, events, newest, isBaseline: false, gap: told };
}
