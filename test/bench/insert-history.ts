import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { canonicalJson } from '../../src/core/json.ts';

/** What a message keeps when it is redacted, but for its content, of which nothing is kept. */
const kept = z.object({
  auth_events: z.array(z.string()),
  depth: z.number(),
  hashes: z.record(z.string(), z.string()),
  origin_server_ts: z.number(),
  prev_events: z.array(z.string()),
  room_id: z.string(),
  sender: z.string(),
  type: z.string(),
});

/** Id of a message in room versions from 4 on: its reference hash (spec, server-server API). */
const idOf = (event: z.infer<typeof kept>): string => {
  const text = canonicalJson({ ...event, content: {} });
  return `$${createHash('sha256').update(text).digest('base64url')}`;
};

const modelRow = z.object({
  format_version: z.number(),
  json: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.looseObject(kept.shape)),
});
const lastRow = z.object({
  event_id: z.string(),
  depth: z.number(),
  stream_ordering: z.number(),
  origin_server_ts: z.number(),
  state_group: z.number(),
});

/**
 * Lets a room have so many messages more, by writing them into the database of a **stopped**
 * Synapse: 10 000 take a second instead of some five minutes of sending. They look like the newest
 * message of `sender` and follow the room's newest event, one after the other, a second apart.
 *
 * Tables as of Synapse 1.163 (synapse/storage/schema); ids are right because Synapse checks them
 * when it reads an event; content hashes and signatures are checked of other servers' events only.
 *
 * @param folder The home server's folder.
 */
export const insertMessages = (
  folder: string,
  { roomId, sender, count }: { roomId: string; sender: string; count: number },
): void => {
  const database = new DatabaseSync(join(folder, 'homeserver.db'));
  try {
    const model = modelRow.parse(
      database
        .prepare(
          `SELECT format_version, json FROM events JOIN event_json USING (event_id)
           WHERE events.room_id = ? AND sender = ? AND type = 'm.room.message'
           ORDER BY stream_ordering DESC LIMIT 1`,
        )
        .get(roomId, sender),
    );
    const last = lastRow.parse(
      database
        .prepare(
          `SELECT event_id, depth, stream_ordering, origin_server_ts, state_group
           FROM events JOIN event_to_state_groups USING (event_id)
           WHERE room_id = ? ORDER BY stream_ordering DESC LIMIT 1`,
        )
        .get(roomId),
    );
    const top = z
      .object({ top: z.number() })
      .parse(database.prepare('SELECT max(stream_ordering) AS top FROM events').get()).top;
    const event = database.prepare(
      `INSERT INTO events (event_id, topological_ordering, depth, stream_ordering, room_id, type, sender,
         origin_server_ts, received_ts, processed, outlier, contains_url, instance_name)
       VALUES (:id, :depth, :depth, :stream, :room, :type, :sender, :at, :at, 1, 0, 0, 'master')`,
    );
    const json = database.prepare(
      `INSERT INTO event_json (event_id, room_id, internal_metadata, json, format_version)
       VALUES (:id, :room, '{}', :json, :format)`,
    );
    const state = database.prepare(
      'INSERT INTO event_to_state_groups (event_id, state_group) VALUES (?, ?)',
    );
    const edge = database.prepare(
      'INSERT INTO event_edges (event_id, prev_event_id) VALUES (?, ?)',
    );
    database.exec('BEGIN IMMEDIATE');
    let previous = last.event_id;
    for (let i = 1; i <= count; i += 1) {
      const changed = {
        depth: last.depth + i,
        origin_server_ts: last.origin_server_ts + i,
        prev_events: [previous],
      };
      const made = { ...model.json, ...changed };
      const { depth, origin_server_ts: at, type } = made;
      const id = idOf(kept.parse(made));
      const content = { msgtype: 'm.text', body: `message ${i} of a long history` };
      event.run({ id, depth, stream: top + i, room: roomId, type, sender, at });
      json.run({
        ...{ id, room: roomId, format: model.format_version },
        json: JSON.stringify({ ...made, content, unsigned: {} }),
      });
      state.run(id, last.state_group);
      edge.run(id, previous);
      previous = id;
    }
    database.prepare('DELETE FROM event_forward_extremities WHERE room_id = ?').run(roomId);
    database
      .prepare('INSERT INTO event_forward_extremities (event_id, room_id) VALUES (?, ?)')
      .run(previous, roomId);
    database.exec('COMMIT');
    // Without statistics SQLite reads the whole room for each page of its history: seconds each.
    database.exec('ANALYZE');
  } finally {
    database.close();
  }
};

/**
 * Lets a **stopped** bot know so many events more of a room, handled all.
 *
 * @param file The bot's `state.sqlite`.
 */
export const insertLedgerRows = (
  file: string,
  { roomId, sender, count }: { roomId: string; sender: string; count: number },
): void => {
  const database = new DatabaseSync(file);
  try {
    const row = database.prepare(
      `INSERT INTO ledger (event_id, room_id, sender, age_ms, recorded_at, pending, input)
       VALUES (?, ?, ?, 0, ?, 0, NULL)`,
    );
    const now = Date.now();
    database.exec('BEGIN IMMEDIATE');
    for (let i = 0; i < count; i += 1)
      row.run(
        `$${randomBytes(32).toString('base64url')}`,
        roomId,
        sender,
        now - (count - i) * 1000,
      );
    database.exec('COMMIT');
  } finally {
    database.close();
  }
};
