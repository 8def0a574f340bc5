import { z } from 'zod';
import { parseEventId, parseRoomId, parseUserId } from '../../core/ids.ts';
import type { EventId, RoomId } from '../../core/ids.ts';
import type { Database } from './database.ts';
import type { Ledger, ObservedEvent, PendingInput, RoomInput } from './ledger.ts';

const inputSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    body: z.string(),
    replyTo: z.string().transform(parseEventId).exactOptional(),
    thread: z.string().transform(parseEventId).exactOptional(),
  }),
  z.object({
    kind: z.literal('reaction'),
    key: z.string(),
    target: z.string().transform(parseEventId),
  }),
  z.object({ kind: z.literal('redaction'), target: z.string().transform(parseEventId) }),
]);

const pendingRow = z
  .object({
    sequence: z.int(),
    event_id: z.string().transform(parseEventId),
    room_id: z.string().transform(parseRoomId),
    sender: z.string().transform(parseUserId),
    age_ms: z.int(),
    recorded_at: z.int(),
    input: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(inputSchema),
  })
  .transform((row): PendingInput => ({
    sequence: row.sequence,
    eventId: row.event_id,
    roomId: row.room_id,
    sender: row.sender,
    ageMs: row.age_ms,
    recordedAt: row.recorded_at,
    input: row.input,
  }));

const sequenceRow = z.object({ sequence: z.int() });
const countRow = z.object({ count: z.int() });
const timeRow = z.object({ at: z.int() });

/** What is kept of the past. */
export interface LedgerRetention {
  /** Rows younger than this (ms) are kept. */
  readonly keptMs: number;
  /** Of each room so many of the newest rows are kept, however old: a gap ends at a known event. */
  readonly keptPerRoom: number;
}

const ninetyDays: LedgerRetention = { keptMs: 90 * 24 * 3_600_000, keptPerRoom: 1000 };
/** Between two prunings; what one pruning removes at most is twice that, so it always catches up. */
const pruneEvery = 256;

/** {@link Ledger} in SQLite. */
export class SqliteLedger implements Ledger {
  readonly #database: Database;
  readonly #retention: LedgerRetention;
  readonly #sincePruned = new Map<RoomId, number>();

  constructor(database: Database, retention: LedgerRetention = ninetyDays) {
    this.#database = database;
    this.#retention = retention;
  }

  /** See {@link Ledger.record}. */
  record(events: readonly ObservedEvent[], now: number): readonly ObservedEvent[] {
    if (events.length === 0) return [];
    return this.#database.transaction(() => {
      const fresh = events.filter((event) => this.#insert(event, now));
      for (const room of new Set(fresh.map((event) => event.roomId))) {
        this.#count(room, fresh.filter((event) => event.roomId === room).length, now);
      }
      return fresh;
    });
  }

  #insert(event: ObservedEvent, now: number): boolean {
    const inserted = this.#database.run(
      `INSERT INTO ledger (event_id, room_id, sender, age_ms, recorded_at, pending, input)
       VALUES (:event, :room, :sender, :age, :now, :pending, :input)
       ON CONFLICT (event_id) DO NOTHING`,
      {
        event: event.eventId,
        room: event.roomId,
        sender: event.sender,
        age: Math.round(event.ageMs),
        now,
        pending: event.input === null ? 0 : 1,
        input: event.input === null ? null : JSON.stringify(event.input),
      },
    );
    return inserted === 1;
  }

  has(event: EventId): boolean {
    const sql = 'SELECT sequence FROM ledger WHERE event_id = :event';
    return this.#database.get(sequenceRow, sql, { event }) !== null;
  }

  knows(room: RoomId): boolean {
    return this.lastReadAt(room) !== null;
  }

  /** When the newest event of this room was recorded (ms since the epoch, our clock); null: never. */
  lastReadAt(room: RoomId): number | null {
    const row = this.#database.get(
      timeRow,
      'SELECT recorded_at AS at FROM ledger WHERE room_id = :room ORDER BY sequence DESC LIMIT 1',
      { room },
    );
    return row?.at ?? null;
  }

  pending(limit: number): readonly PendingInput[] {
    return this.#database.all(
      pendingRow,
      `SELECT sequence, event_id, room_id, sender, age_ms, recorded_at, input
       FROM ledger WHERE pending = 1 ORDER BY sequence LIMIT :limit`,
      { limit },
    );
  }

  pendingCount(): number {
    const sql = 'SELECT count(*) AS count FROM ledger WHERE pending = 1';
    return this.#database.get(countRow, sql)?.count ?? 0;
  }

  /** See {@link Ledger.revive}. */
  revive(event: EventId, input: RoomInput): void {
    this.#database.run('UPDATE ledger SET pending = 1, input = :input WHERE event_id = :event', {
      event,
      input: JSON.stringify(input),
    });
  }

  /** Also forgets the text: a command may hold what should not lie about. */
  markHandled(event: EventId): void {
    this.#database.run('UPDATE ledger SET pending = 0, input = NULL WHERE event_id = :event', {
      event,
    });
  }

  #count(room: RoomId, recorded: number, now: number): void {
    const since = (this.#sincePruned.get(room) ?? 0) + recorded;
    this.#sincePruned.set(room, since >= pruneEvery ? 0 : since);
    if (since >= pruneEvery) this.#prune(room, now, 2 * since);
  }

  #prune(room: RoomId, now: number, limit: number): void {
    this.#database.run(
      `DELETE FROM ledger WHERE sequence IN (
         SELECT sequence FROM ledger
         WHERE room_id = :room AND pending = 0 AND recorded_at < :before AND sequence < (
           SELECT sequence FROM ledger WHERE room_id = :room
           ORDER BY sequence DESC LIMIT 1 OFFSET :kept)
         ORDER BY sequence LIMIT :limit)`,
      {
        room,
        before: now - this.#retention.keptMs,
        kept: this.#retention.keptPerRoom - 1,
        limit,
      },
    );
  }
}
