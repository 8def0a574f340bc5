import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { parseOutboxId } from '../../core/ids.ts';
import type { EventId, OutboxId, RoomId } from '../../core/ids.ts';
import type { Database } from './database.ts';
import type { Outbox, OutboxDepth, OutboxDraft, OutboxItem, Priority } from './outbox.ts';
import { priorities } from './outbox.ts';
import { bodyColumns, fateRow, itemRow, type OutboxFate } from './outbox-row.ts';

const newId = (): OutboxId => parseOutboxId(`o${randomBytes(10).toString('hex')}`);
const depthRow = z.object({ count: z.int(), oldest: z.int().nullable() });
const headRow = z.object({ sequence: z.int(), lane: z.string(), effective: z.int() });
const kindRow = z.object({ kind: z.string() });
const idRow = z.object({ id: z.string().transform(parseOutboxId), sequence: z.int() });

/** Ended rows are kept so long (ms): a reaction to a question may come late. */
const keptMs = 30 * 24 * 3_600_000;
const pruneEvery = 256;

/** {@link Outbox} in SQLite, and what the sender needs of it. */
export class SqliteOutbox implements Outbox {
  readonly #database: Database;
  readonly #listeners = new Set<() => void>();
  /** Rows that this process handed to the network: from then on their content is fixed. */
  readonly #tried = new Set<OutboxId>();
  #sincePruned = 0;
  /** What became of rows since the start of the process; edits are counted as sent, too. */
  readonly ended = { sent: 0, failed: 0, dropped: 0, edits: 0 };

  /**
   * Rows left over from an earlier process count as tried: nobody knows. So sending needs no write
   * of its own before it.
   */
  constructor(database: Database) {
    this.#database = database;
    database.run(
      "UPDATE outbox SET first_tried_at = queued_at WHERE state = 'queued' AND first_tried_at IS NULL",
    );
  }

  /** Calls `listener` whenever something was added or ended, maybe before the commit. Returns the way to stop it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  add(draft: OutboxDraft, now: number): OutboxId {
    const merged =
      draft.mergeKey === undefined ? null : this.#mergeInto(draft.room, draft.mergeKey);
    const columns = { ...bodyColumns(draft.body), priority: priorities.indexOf(draft.priority) };
    if (merged !== null) {
      this.#database.run(
        'UPDATE outbox SET body = :body, data = :data, priority = min(priority, :priority) WHERE id = :id',
        { ...columns, id: merged },
      );
      this.#tell();
      return merged;
    }
    const id = newId();
    this.#database.run(
      `INSERT INTO outbox (id, transaction_id, room_id, lane, priority, merge_key, body, data, queued_at)
       VALUES (:id, :transaction, :room, :lane, :priority, :mergeKey, :body, :data, :now)`,
      {
        ...columns,
        id,
        transaction: `urtc.${id}`,
        room: draft.room,
        lane: draft.lane,
        mergeKey: draft.mergeKey ?? null,
        now,
      },
    );
    this.#prune(now);
    this.#tell();
    return id;
  }

  #mergeInto(room: RoomId, mergeKey: string): OutboxId | null {
    const row = this.#database.get(
      idRow,
      `SELECT id, sequence FROM outbox
       WHERE room_id = :room AND merge_key = :mergeKey AND state = 'queued' AND first_tried_at IS NULL
       ORDER BY sequence DESC LIMIT 1`,
      { room, mergeKey },
    );
    return row === null || this.#tried.has(row.id) ? null : row.id;
  }

  eventOf(id: OutboxId): EventId | null {
    return this.fateOf(id)?.eventId ?? null;
  }

  /** Null: there is no such row (any more). */
  fateOf(id: OutboxId): OutboxFate | null {
    return this.#database.get(fateRow, 'SELECT id, state, event_id FROM outbox WHERE id = :id', {
      id,
    });
  }

  /** The newest row with this key, whatever became of it. */
  latest(room: RoomId, mergeKey: string): OutboxFate | null {
    return this.#database.get(
      fateRow,
      `SELECT id, state, event_id FROM outbox WHERE room_id = :room AND merge_key = :mergeKey
       ORDER BY sequence DESC LIMIT 1`,
      { room, mergeKey },
    );
  }

  /** Whether this event was sent from here. */
  isOurs(event: EventId): boolean {
    const sql = 'SELECT id, state, event_id FROM outbox WHERE event_id = :event LIMIT 1';
    return this.#database.get(fateRow, sql, { event }) !== null;
  }

  /** Whether its content can still be changed: never handed to the network. */
  isUntouched(id: OutboxId): boolean {
    const sql = `SELECT id, sequence FROM outbox
      WHERE id = :id AND state = 'queued' AND first_tried_at IS NULL`;
    return !this.#tried.has(id) && this.#database.get(idRow, sql, { id }) !== null;
  }

  depth(now: number): OutboxDepth {
    const row = this.#database.get(
      depthRow,
      "SELECT count(*) AS count, min(queued_at) AS oldest FROM outbox WHERE state = 'queued'",
    );
    const oldest = row?.oldest ?? null;
    return {
      queued: row?.count ?? 0,
      oldestAgeMs: oldest === null ? 0 : Math.max(0, now - oldest),
    };
  }

  /** How many rows wait with this priority or a higher one. */
  waiting(priority: Priority): number {
    const row = this.#database.get(
      depthRow,
      `SELECT count(*) AS count, min(queued_at) AS oldest FROM outbox
       WHERE state = 'queued' AND priority <= :priority`,
      { priority: priorities.indexOf(priority) },
    );
    return row?.count ?? 0;
  }

  /**
   * The first waiting row of each lane that is not `busy`, most urgent first, then oldest first, of
   * the first `limit` lanes. Its priority is the highest that waits in its lane: whoever stands
   * before an answer must not hold it up. Each row is read when it is asked for: the first one is
   * mostly the one that is sent.
   */
  *heads(limit: number, busy: ReadonlySet<string> = new Set()): Generator<OutboxItem> {
    const heads = this.#database.all(
      headRow,
      `SELECT row.sequence, row.lane, (
         SELECT min(priority) FROM outbox AS mate WHERE mate.lane = row.lane AND mate.state = 'queued'
       ) AS effective
       FROM outbox AS row
       WHERE row.state = 'queued' AND NOT EXISTS (
         SELECT 1 FROM outbox AS before
         WHERE before.lane = row.lane AND before.state = 'queued' AND before.sequence < row.sequence)
       ORDER BY effective, row.sequence LIMIT :limit`,
      { limit },
    );
    for (const { sequence, lane, effective } of heads) {
      if (busy.has(lane)) continue;
      const item = this.#database.get(
        itemRow,
        `SELECT *, :effective AS effective FROM outbox WHERE sequence = :sequence AND state = 'queued'`,
        { sequence, effective },
      );
      if (item !== null) yield item;
    }
  }

  /** Call before a row is handed to the network. Not durable: see the constructor. */
  noteTried(id: OutboxId): void {
    this.#tried.add(id);
  }

  /** A try came to nothing; the row stays. `now`: ms since the epoch. */
  noteFailedTry(id: OutboxId, now: number): void {
    this.#database.run(
      'UPDATE outbox SET attempts = attempts + 1, first_tried_at = coalesce(first_tried_at, :now) WHERE id = :id',
      { id, now },
    );
  }

  /**
   * It is in the room. False: that was known already, or the row is not ours. Not pressed onto the
   * disk: a note that is lost is made good by our own event in the timeline, and until then by the
   * transaction id.
   */
  markSent(id: OutboxId, event: EventId, now: number): boolean {
    return this.#database.relaxedTransaction(() => this.#end(id, 'sent', now, event, null));
  }

  /** The same, for an event that only its transaction id tells to be ours. */
  markSentByTransaction(transactionId: string, event: EventId, now: number): boolean {
    const row = this.#database.get(
      idRow,
      'SELECT id, sequence FROM outbox WHERE transaction_id = :transactionId',
      { transactionId },
    );
    return row !== null && this.markSent(row.id, event, now);
  }

  /** It can't ever be sent. */
  markFailed(id: OutboxId, reason: string, now: number): void {
    this.#end(id, 'failed', now, null, reason);
  }

  /** Nobody needs it any more. */
  drop(id: OutboxId, reason: string, now: number): void {
    this.#end(id, 'dropped', now, null, reason);
  }

  #end(
    id: OutboxId,
    state: 'sent' | 'failed' | 'dropped',
    now: number,
    event: EventId | null,
    failure: string | null,
  ): boolean {
    const isEdit =
      state === 'sent' &&
      this.#database.get(
        kindRow,
        "SELECT json_extract(body, '$.kind') AS kind FROM outbox WHERE id = :id AND state = 'queued'",
        { id },
      )?.kind === 'edit';
    // The bytes of a file are not needed any more, and the words may be private.
    const changed = this.#database.run(
      `UPDATE outbox SET state = :state, event_id = :event, ended_at = :now, failure = :failure,
         data = NULL, body = CASE WHEN :state = 'failed' THEN body ELSE '{}' END
       WHERE id = :id AND state = 'queued'`,
      { id, state, event, now, failure },
    );
    this.#tried.delete(id);
    if (changed === 1) this.ended[state] += 1;
    if (changed === 1 && isEdit) this.ended.edits += 1;
    this.#tell();
    return changed === 1;
  }

  /**
   * Takes back what waits in a lane with this priority and was never handed to the network.
   * Part of the caller's transaction.
   */
  dropUntouched(lane: string, priority: Priority, now: number): void {
    const rows = this.#database.all(
      idRow,
      `SELECT id, sequence FROM outbox WHERE lane = :lane AND priority = :priority
       AND state = 'queued' AND first_tried_at IS NULL`,
      { lane, priority: priorities.indexOf(priority) },
    );
    for (const { id } of rows) if (!this.#tried.has(id)) this.drop(id, 'overtaken', now);
  }

  /** Takes back all that waits in a lane, handed to the network or not: only for what may be lost. */
  dropLane(lane: string, now: number): void {
    const sql = "SELECT id, sequence FROM outbox WHERE lane = :lane AND state = 'queued'";
    for (const { id } of this.#database.all(idRow, sql, { lane })) this.drop(id, 'overtaken', now);
  }

  #prune(now: number): void {
    this.#sincePruned += 1;
    if (this.#sincePruned < pruneEvery) return;
    this.#sincePruned = 0;
    this.#database.run(
      `DELETE FROM outbox WHERE sequence IN (
         SELECT sequence FROM outbox WHERE ended_at < :before ORDER BY ended_at LIMIT :limit)`,
      { before: now - keptMs, limit: 2 * pruneEvery },
    );
  }
}
