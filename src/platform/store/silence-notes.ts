import { z } from 'zod';
import { parseOutboxId, parseRoomId, parseUserId } from '../../core/ids.ts';
import type { EventId, OutboxId, RoomId, UserId } from '../../core/ids.ts';
import type { Database } from './database.ts';

/** A question of how long and why, after a reaction to an alert. */
export interface SilencePrompt {
  readonly outbox: OutboxId;
  readonly room: RoomId;
  /** Who reacted, and may answer. */
  readonly person: UserId;
  readonly group: string;
  /** The message whose thread it stands in. */
  readonly message: number;
  /** ms since the epoch. */
  readonly askedAt: number;
}

const columns = `outbox_id AS outbox, room_id AS room, person, group_id AS "group", message,
  asked_at AS askedAt`;
const row: z.ZodType<SilencePrompt> = z.object({
  outbox: z.string().transform(parseOutboxId),
  room: z.string().transform(parseRoomId),
  person: z.string().transform(parseUserId),
  group: z.string(),
  message: z.int(),
  askedAt: z.int(),
});

/** What is remembered of silences in rooms. Every change is part of the caller's transaction. */
export class SilenceNotes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  addPrompt(prompt: SilencePrompt): void {
    this.#database.run(
      `INSERT INTO silence_prompts (outbox_id, room_id, person, group_id, message, asked_at)
       VALUES (:outbox, :room, :person, :group, :message, :askedAt)`,
      { ...prompt },
    );
  }

  /** This person's questions in the room since `since` (ms) that wait, or that `event` has answered. Newest first. */
  prompts(room: RoomId, person: UserId, since: number, event: EventId): readonly SilencePrompt[] {
    return this.#database.all(
      row,
      `SELECT ${columns} FROM silence_prompts
       WHERE room_id = :room AND person = :person AND asked_at >= :since
         AND (answered_by IS NULL OR answered_by = :event)
       ORDER BY asked_at DESC, rowid DESC`,
      { room, person, since, event },
    );
  }

  /** The event is the answer: no other is. */
  answer(prompt: SilencePrompt, event: EventId): void {
    this.#database.run(
      'UPDATE silence_prompts SET answered_by = :event WHERE outbox_id = :outbox',
      { outbox: prompt.outbox, event },
    );
  }

  /** It will be told that the silence ends then (ms). False: it was. */
  noteWarned(silence: string, endsAt: number): boolean {
    const sql = `INSERT INTO silence_warnings (silence_id, ends_at) VALUES (:silence, :endsAt)
      ON CONFLICT DO NOTHING`;
    return this.#database.run(sql, { silence, endsAt }) > 0;
  }

  /** Forgets what was before `before`, ms. */
  prune(before: number): void {
    this.#database.run('DELETE FROM silence_prompts WHERE asked_at < :before', { before });
    this.#database.run('DELETE FROM silence_warnings WHERE ends_at < :before', { before });
  }
}
