import { z } from 'zod';
import type { Prompt, Surface } from '../../../../src/commands/surface.ts';
import type { EventId, OutboxId } from '../../../../src/core/ids.ts';
import { jsonObjectSchema } from '../../../../src/core/json.ts';
import type { Outcome, ReportNode } from '../../../../src/core/report.ts';
import type { Text } from '../../../../src/core/text.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import type { Clock } from '../../../../src/platform/clock.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import type { Job } from '../../../../src/platform/store/jobs.ts';
import type { Outbox } from '../../../../src/platform/store/outbox.ts';

const row = z.object({ body: z.string() });
const content = z.object({
  content: z.object({
    final: z.boolean(),
    to: z.string(),
    job: z.string(),
    outcome: z.string().nullable(),
    language: z.string(),
    codes: z.array(z.string()),
    text: z.string(),
  }),
});

/** A message of ours: an answer where `final`, else a question. */
export interface Answer {
  readonly final: boolean;
  readonly to: EventId | string;
  readonly job: string;
  readonly outcome: string | null;
  /** The language that the room would be given it in. */
  readonly language: string;
  /** Codes of errors in it. */
  readonly codes: readonly string[];
  readonly text: string;
}

/** A room that keeps what it is told in the real outbox. */
export class RecordingRoom implements Surface {
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly working_: string[] = [];
  readonly progress_: string[] = [];
  /** Thrown by the next `finish`. */
  fault: Error | null = null;

  constructor(outbox: Outbox, clock: Clock) {
    this.#outbox = outbox;
    this.#clock = clock;
  }

  working(job: Job): void {
    this.working_.push(job.id);
  }

  progress(_job: Job, text: Text): void {
    this.progress_.push(translate(text, 'en'));
  }

  tell(job: Job, nodes: readonly ReportNode[]): void {
    this.#add(job, null, nodes);
  }

  prompt(job: Job, prompt: Prompt): OutboxId | null {
    return this.#add(job, null, [
      { type: 'paragraph', text: `${prompt.reason} ${prompt.code}` },
      ...prompt.shown,
    ]);
  }

  finish(job: Job, report: readonly ReportNode[], outcome: Outcome): void {
    const { fault } = this;
    this.fault = null;
    if (fault !== null) throw fault;
    this.#add(job, outcome, report);
  }

  #add(job: Job, outcome: Outcome | null, report: readonly ReportNode[]): OutboxId {
    if (job.origin.surface !== 'room') throw new Error('not a job of a room');
    const { room, event } = job.origin;
    const message = {
      final: outcome !== null,
      to: event,
      job: job.id,
      outcome,
      language: job.language,
      codes: report.flatMap(codesOf),
      text: report.flatMap(linesOf).join('\n'),
    };
    return this.#outbox.add(
      {
        room,
        lane: job.id,
        priority: 'answer',
        body: {
          kind: 'event',
          eventType: 'm.room.message',
          content: jsonObjectSchema.parse(message),
        },
      },
      this.#clock.now(),
    );
  }

  /** All final answers in the outbox, oldest first. Rows that were sent have lost their content. */
  answers(database: Database): readonly Answer[] {
    return database
      .all(row, 'SELECT body FROM outbox ORDER BY sequence')
      .flatMap((each) => content.safeParse(JSON.parse(each.body)).data?.content ?? [])
      .filter((each) => each.final);
  }
}

function codesOf(node: ReportNode): readonly string[] {
  if (node.type !== 'fields' || node.id !== 'error') return [];
  return node.fields.map((field) => translate(field.value, 'en'));
}

function linesOf(node: ReportNode): readonly string[] {
  switch (node.type) {
    case 'title':
    case 'outcome':
    case 'paragraph':
    case 'hint':
      return [translate(node.text, 'en')];
    case 'list':
      return node.items.map((item) => translate(item, 'en'));
    case 'fields':
      return node.fields.map(
        (field) => `${translate(field.label, 'en')}: ${translate(field.value, 'en')}`,
      );
    case 'table':
      return node.rows.map((cells) => cells.map((cell) => translate(cell, 'en')).join(' | '));
    case 'code':
      return [node.content];
    case 'file':
    case 'secret':
      return [node.type];
    default:
      return node satisfies never;
  }
}
