import type { EventId, RoomId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { ReportNode } from '../core/report.ts';
import type { Language } from '../core/words/index.ts';
import type { OutboxDraft } from '../platform/store/outbox.ts';
import { renderMatrix, type MatrixFile, type MatrixMessage } from './render/matrix.ts';

/** Where a message belongs: the event that it answers, and the thread in which that was said. */
export interface Place {
  readonly event: EventId;
  readonly thread: EventId | null;
}

/** `m.relates_to` of an answer: a reply, in the thread where it was asked in one (spec, m.thread). */
export function relationTo({ event, thread }: Place): JsonObject {
  const reply = { 'm.in_reply_to': { event_id: event } };
  if (thread === null) return reply;
  return { rel_type: 'm.thread', event_id: thread, is_falling_back: true, ...reply };
}

/**
 * Content of everything that we say: `m.notice`, because it is what bots say and other bots stay
 * silent at it. (Notices don't push; who asked is looking already, and alerts are another matter.)
 * `m.mentions` is always empty, so that no text from data can call anybody.
 */
export function noticeContent(message: MatrixMessage, extra: JsonObject): JsonObject {
  return {
    msgtype: 'm.notice',
    body: message.body,
    format: 'org.matrix.custom.html',
    formatted_body: message.formattedBody,
    'm.mentions': {},
    ...extra,
  };
}

/** Content of a file, its place in the media store still missing. */
export function fileContent(file: MatrixFile, extra: JsonObject): JsonObject {
  const { name, picture } = file;
  if (picture === undefined) {
    return { msgtype: 'm.file', body: name, filename: name, 'm.mentions': {}, ...extra };
  }
  const { width: w, height: h, alt } = picture;
  // A body that is not the file's name is a caption (spec, m.room.message, media captions).
  const shown = { msgtype: 'm.image', body: alt, filename: name, info: { w, h } };
  return { ...shown, 'm.mentions': {}, ...extra };
}

/** Something that the bot says of its own accord, not as an answer. */
export interface Announcement {
  readonly room: RoomId;
  readonly nodes: readonly ReportNode[];
  readonly language: Language;
  /** Put into the content of each message: a relation, marks. */
  readonly extra?: JsonObject;
}

/** The outbox rows of an announcement. */
export function announce(announcement: Announcement): OutboxDraft[] {
  const { room, nodes, language } = announcement;
  const { messages, files } = renderMatrix(nodes, language);
  const extra: JsonObject = { ...announcement.extra, 'io.urtc.notice': true };
  const row = { room, lane: `notice ${room}`, priority: 'answer' } as const;
  return [
    ...messages.map((message): OutboxDraft => ({
      ...row,
      body: {
        kind: 'event',
        eventType: 'm.room.message',
        content: noticeContent(message, extra),
      },
    })),
    ...files.map((file): OutboxDraft => ({
      ...row,
      body: {
        kind: 'file',
        name: file.name,
        mimetype: file.mimetype,
        data: file.content,
        content: fileContent(file, extra),
      },
    })),
  ];
}
