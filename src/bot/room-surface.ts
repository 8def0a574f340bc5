import type { OutboxId, RoomId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { Outcome, ReportNode } from '../core/report.ts';
import type { Text } from '../core/text.ts';
import type { Prompt, Surface } from '../commands/surface.ts';
import type { Clock } from '../platform/clock.ts';
import type { Job, Origin } from '../platform/store/jobs.ts';
import type { OutboxBody, OutboxDraft } from '../platform/store/outbox.ts';
import type { SqliteOutbox } from '../platform/store/outbox-store.ts';
import { fileContent, noticeContent, relationTo } from './message-content.ts';
import { renderMatrix, type MatrixFile } from './render/matrix.ts';
import { renderPrompt } from './render/prompt.ts';
import { renderStatus, type StatusLine } from './render/status.ts';

/** What the surface is made of. */
export interface RoomSurfaceParts {
  readonly outbox: SqliteOutbox;
  readonly clock: Clock;
  /**
   * What the answer says in addition about a secret that the job has made, which is on its way to
   * its person then. Default: nothing, and the code on the server is the only way to it.
   */
  readonly promise?: (job: Job, report: readonly ReportNode[]) => readonly ReportNode[];
  /** Whether a room takes only what is encrypted. Default: none does. */
  readonly isEncrypted?: (room: RoomId) => boolean;
}

type RoomOrigin = Extract<Origin, { surface: 'room' }>;

const message = (content: JsonObject): OutboxBody => ({
  kind: 'event',
  eventType: 'm.room.message',
  content,
});

/** Keys under which a job's marks are found again, also after a restart. */
const eyesKey = (job: Job): string => `eyes ${job.id}`;
const statusKey = (job: Job): string => `status ${job.id}`;
const statusEditKey = (job: Job): string => `status edit ${job.id}`;
/** Marks that come after the answer must not stand in the way of the next one. */
const marksLane = (job: Job): string => `${job.id} marks`;

const isGood = (outcome: Outcome): boolean => outcome === 'ok' || outcome === 'warning';

/**
 * {@link Surface} of jobs that came from a room: everything becomes outbox rows in the transaction
 * of the caller, in a lane of the job. Jobs of the terminal must not be handed to it.
 */
export class RoomSurface implements Surface {
  readonly #parts: RoomSurfaceParts;

  constructor(parts: RoomSurfaceParts) {
    this.#parts = parts;
  }

  working(job: Job): void {
    const { outbox } = this.#parts;
    const { room, event } = roomOf(job);
    if (outbox.latest(room, statusKey(job)) !== null) return;
    this.#add(job, 'progress', { kind: 'reaction', target: event, key: '👀' }, eyesKey(job));
    const content = statusContent(job, this.#statusLine(job, null, null));
    this.#add(job, 'progress', message(content), statusKey(job));
  }

  progress(job: Job, text: Text): void {
    this.#setStatus(job, this.#statusLine(job, text, null), job.id);
  }

  tell(job: Job, nodes: readonly ReportNode[]): void {
    const { messages, files } = renderMatrix(nodes, job.language);
    const { event, thread } = roomOf(job);
    const inThread = relationTo({ event, thread: thread ?? event });
    const extra = { 'm.relates_to': inThread, 'io.urtc.job': job.id };
    for (const text of messages) this.#add(job, 'answer', message(noticeContent(text, extra)));
    for (const file of files) this.#add(job, 'answer', fileBody(file, extra));
  }

  prompt(job: Job, prompt: Prompt): OutboxId {
    const { clock } = this.#parts;
    const { message: text, files } = renderPrompt(job, prompt, clock.now(), job.language);
    const extra = this.#answerKeys(job);
    for (const file of files) this.#add(job, 'answer', fileBody(file, extra));
    const keys = { ...extra, 'io.urtc.prompt': job.id };
    return this.#add(job, 'answer', message(noticeContent(text, keys)));
  }

  finish(job: Job, report: readonly ReportNode[], outcome: Outcome): void {
    const { outbox, clock, promise } = this.#parts;
    // What nobody has seen yet need not be shown any more.
    outbox.dropUntouched(job.id, 'progress', clock.now());
    const said = [...report, ...(promise?.(job, report) ?? [])];
    const { messages, files } = renderMatrix(said, job.language);
    const extra = this.#answerKeys(job);
    const final = { ...extra, 'io.urtc.final': true, 'io.urtc.outcome': outcome };
    const parts: ((keys: JsonObject) => OutboxBody)[] = [
      ...messages.map((text) => (keys: JsonObject) => message(noticeContent(text, keys))),
      ...files.map((file) => (keys: JsonObject) => fileBody(file, keys)),
    ];
    for (const [i, body] of parts.entries()) {
      this.#add(job, 'answer', body(i === parts.length - 1 ? final : extra));
    }
    this.#closeMarks(job, outcome);
  }

  isSealed(origin: Origin): boolean {
    return origin.surface === 'room' && (this.#parts.isEncrypted?.(origin.room) ?? false);
  }

  /** ✅ or ❌ in the place of 👀, and a last word on the status: only where these were shown. */
  #closeMarks(job: Job, outcome: Outcome): void {
    const { outbox } = this.#parts;
    const { room, event } = roomOf(job);
    const eyes = outbox.latest(room, eyesKey(job));
    if (eyes !== null && eyes.state !== 'dropped' && eyes.state !== 'failed') {
      const target = eyes.eventId ?? eyes.id;
      this.#add(
        job,
        'progress',
        { kind: 'redaction', target, reason: '' },
        undefined,
        marksLane(job),
      );
      const key = isGood(outcome) ? '✅' : '❌';
      this.#add(
        job,
        'progress',
        { kind: 'reaction', target: event, key },
        undefined,
        marksLane(job),
      );
    }
    this.#setStatus(job, this.#statusLine(job, null, outcome), marksLane(job));
  }

  #statusLine(job: Job, doing: Text | null, outcome: Outcome | null): StatusLine {
    return { job, since: job.startedAt ?? job.createdAt, doing, outcome };
  }

  #setStatus(job: Job, line: StatusLine, lane: string): void {
    const { outbox } = this.#parts;
    const { room } = roomOf(job);
    const shown = outbox.latest(room, statusKey(job));
    if (shown === null || shown.state === 'dropped' || shown.state === 'failed') return;
    const content = statusContent(job, line);
    if (shown.eventId === null && outbox.isUntouched(shown.id)) {
      this.#add(job, 'progress', message(content), statusKey(job), lane);
      return;
    }
    const target = shown.eventId ?? shown.id;
    this.#add(job, 'progress', { kind: 'edit', target, content }, statusEditKey(job), lane);
  }

  #answerKeys(job: Job): JsonObject {
    return { 'm.relates_to': relationTo(roomOf(job)), 'io.urtc.job': job.id };
  }

  #add(
    job: Job,
    priority: OutboxDraft['priority'],
    body: OutboxBody,
    mergeKey?: string,
    lane: string = job.id,
  ): OutboxId {
    const { outbox, clock } = this.#parts;
    const { room } = roomOf(job);
    const row = { room, lane, priority, body, ...(mergeKey === undefined ? {} : { mergeKey }) };
    return outbox.add(row, clock.now());
  }
}

function statusContent(job: Job, line: StatusLine): JsonObject {
  return noticeContent(renderStatus(line, job.language), {
    'm.relates_to': relationTo(roomOf(job)),
    'io.urtc.status': true,
    'io.urtc.job': job.id,
  });
}

function fileBody(file: MatrixFile, keys: JsonObject): OutboxBody {
  const { name, mimetype, content: data } = file;
  return { kind: 'file', name, mimetype, data, content: fileContent(file, keys) };
}

function roomOf(job: Job): RoomOrigin {
  if (job.origin.surface === 'room') return job.origin;
  throw new Error(`job ${job.id} did not come from a room`);
}
