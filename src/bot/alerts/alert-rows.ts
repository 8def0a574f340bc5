import type { OutboxId, RoomId, UserId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { AlertMessage } from '../../platform/store/alert-row.ts';
import type { OutboxBody, Priority } from '../../platform/store/outbox.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import type { MatrixMessage } from '../render/matrix.ts';

/** Something that is said about alerts. */
export interface Said {
  /** Null: it is put in before the row can be sent. */
  readonly text: MatrixMessage | null;
  /** A text rings where people have not muted the room, a notice never does. */
  readonly rings: boolean;
  readonly called: readonly UserId[];
  /** Id of the group that it is about, or `digest`. */
  readonly about: string;
}

/** Rows of the outbox about alerts. Each is part of the caller's transaction; `now` in ms since the epoch. */
export class AlertRows {
  readonly #outbox: SqliteOutbox;

  constructor(outbox: SqliteOutbox) {
    this.#outbox = outbox;
  }

  /** A message of its own. While nobody has sent it, the same lane again puts another text in its place. */
  message(room: RoomId, lane: string, said: Said, now: number): OutboxId {
    const body = bodyOf(said);
    return this.#outbox.add({ room, lane, priority: 'urgent', mergeKey: lane, body }, now);
  }

  /** A word in the thread below a message. */
  inThread(message: AlertMessage, said: Said, now: number): void {
    const priority: Priority = said.rings ? 'urgent' : 'answer';
    const body = { ...bodyOf(said), thread: message.outbox };
    this.#outbox.add({ room: message.room, lane: `alert ${message.id}`, priority, body }, now);
  }

  /** From now on the message shows this. */
  edit(message: AlertMessage, text: MatrixMessage, now: number): void {
    const content = contentOf('m.text', text, {});
    this.#outbox.add(
      {
        room: message.room,
        lane: `alert ${message.id} edit`,
        priority: 'progress',
        mergeKey: `alert edit ${message.id}`,
        body: { kind: 'edit', target: message.outbox, content },
      },
      now,
    );
  }
}

function bodyOf({ text, rings, called, about }: Said): Extract<OutboxBody, { kind: 'event' }> {
  const shown = text ?? { body: '…', formattedBody: '…' };
  const mentions: JsonObject = called.length === 0 ? {} : { user_ids: [...called] };
  const content = contentOf(rings ? 'm.text' : 'm.notice', shown, mentions);
  return {
    kind: 'event',
    eventType: 'm.room.message',
    content: { ...content, 'io.urtc.alert': about },
  };
}

function contentOf(msgtype: string, text: MatrixMessage, mentions: JsonObject): JsonObject {
  return {
    msgtype,
    body: text.body,
    format: 'org.matrix.custom.html',
    formatted_body: text.formattedBody,
    'm.mentions': mentions,
    'io.urtc.notice': true,
  };
}
