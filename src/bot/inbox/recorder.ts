import { AppError } from '../../core/errors.ts';
import type { EventId, RoomId, UserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { say } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import type { SqliteLedger } from '../../platform/store/ledger-store.ts';
import type { ObservedEvent } from '../../platform/store/ledger.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import { announce } from '../message-content.ts';
import type { Judged, OwnEcho, Standpoint, StateChange } from './judge.ts';
import { judge } from './judge.ts';
import { OutsiderLog } from './outsider-log.ts';
import type { Gap, RoomBatch } from './room-batch.ts';

/** A command of somebody who is not on the list. */
export interface StrangerCommand {
  readonly sender: UserId;
  readonly room: RoomId;
  readonly event: EventId;
  readonly body: string;
}

/** What came in, since the start of the process. */
export interface IntakeCounts {
  recorded: number;
  /** Not even the frame of an event. */
  dropped: number;
  /** Events whose content was not of the form that the spec promises. */
  malformed: number;
  strangers: number;
}

/** What the recorder is made of. */
export interface RecorderParts {
  readonly database: Database;
  readonly ledger: SqliteLedger;
  readonly outbox: SqliteOutbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly standpoint: Standpoint;
  readonly language: () => Language;
  /** Called inside the transaction that records the event, so exactly once: for the audit line. */
  readonly onStranger: (command: StrangerCommand) => void;
  /** After the commit, in order. */
  readonly onState: (room: RoomId, changes: readonly SeenChange[]) => void;
  /** After a commit that left something to handle. */
  readonly onPending: () => void;
}

/** A change of state and who made it. */
export interface SeenChange extends StateChange {
  readonly sender: UserId;
}

/**
 * Writes what the sync brought: all of it, in one transaction, before anything follows from it. The
 * ledger makes each event count once, however often it comes.
 */
export class Recorder {
  readonly counts: IntakeCounts = { recorded: 0, dropped: 0, malformed: 0, strangers: 0 };
  readonly #parts: RecorderParts;
  readonly #strangers: OutsiderLog;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#strangers = new OutsiderLog(parts.clock, parts.log, 'a stranger gave a command');
  }

  /** A first look at an event; counts what is no event. */
  judge(event: unknown, room: RoomId): Judged | null {
    const judged = judge(event, room, this.#parts.standpoint);
    if (judged === null) this.counts.dropped += 1;
    else if (judged.isMalformed) this.counts.malformed += 1;
    return judged;
  }

  /** Durable on return. Throws what the store throws. */
  record(batches: readonly RoomBatch[]): void {
    const { database, onPending, onState } = this.#parts;
    if (batches.length === 0) return;
    const write = (): Judged[][] => batches.map((batch) => this.#write(batch));
    const fresh = batches.every(hasNoConsequence)
      ? database.relaxedTransaction(write)
      : database.transaction(write);
    const strangers = fresh.flat().filter((judged) => judged.strangerBody !== null);
    this.counts.recorded += fresh.flat().length;
    this.counts.strangers += strangers.length;
    for (const { observed } of strangers) {
      this.#strangers.note(observed.sender, { room: observed.roomId, event: observed.eventId });
    }
    for (const [i, { room }] of batches.entries()) {
      const changes = (fresh[i] ?? []).flatMap(({ state, observed }) =>
        state === null ? [] : [{ ...state, sender: observed.sender }],
      );
      if (changes.length > 0) onState(room, changes);
    }
    if (fresh.flat().some((judged) => judged.observed.input !== null)) onPending();
  }

  #write({ room, events, isBaseline, gap }: RoomBatch): Judged[] {
    const { ledger, outbox, clock } = this.#parts;
    const now = clock.now();
    const seen = isBaseline ? events.map(withoutConsequence) : events;
    const written = new Set(
      ledger.record(
        seen.map((judged): ObservedEvent => judged.observed),
        now,
      ),
    );
    const fresh = seen.filter((judged) => written.has(judged.observed));
    for (const { observed, echo, strangerBody } of fresh) {
      if (echo !== null) noteEcho(outbox, echo, observed.eventId, now);
      if (strangerBody === null) continue;
      this.#audit({ sender: observed.sender, room, event: observed.eventId, body: strangerBody });
    }
    this.#tell(room, gap, now);
    return fresh;
  }

  /** An audit log that can't be written stops changes, but not the reading of the room. */
  #audit(command: StrangerCommand): void {
    const { database, onStranger, log } = this.#parts;
    try {
      database.transaction(() => {
        onStranger(command);
      });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'E_AUDIT_UNWRITABLE')) throw error;
      log.error({ err: error, event: command.event }, "a stranger's command could not be audited");
    }
  }

  #tell(room: RoomId, gap: Gap, now: number): void {
    const text = wordsFor(gap);
    if (text === null) return;
    const { outbox, language, log } = this.#parts;
    log.warn({ room, gap }, 'the timeline had a gap');
    const nodes = [{ type: 'outcome', outcome: 'warning', text }] as const;
    for (const row of announce({ room, nodes, language: language() })) outbox.add(row, now);
  }
}

/** Our own echoes and people's talk: what is forgotten of it comes again and does nothing again. */
function hasNoConsequence({ events, gap }: RoomBatch): boolean {
  return (
    gap.kind === 'none' &&
    events.every(
      ({ observed, state, strangerBody }) =>
        observed.input === null && state === null && strangerBody === null,
    )
  );
}

function withoutConsequence(judged: Judged): Judged {
  return { ...judged, observed: { ...judged.observed, input: null }, strangerBody: null };
}

function noteEcho(
  outbox: SqliteOutbox,
  { out, transactionId }: OwnEcho,
  event: EventId,
  now: number,
): void {
  if (out !== null && outbox.markSent(out, event, now)) return;
  if (transactionId !== null) outbox.markSentByTransaction(transactionId, event, now);
}

function wordsFor(gap: Gap) {
  switch (gap.kind) {
    case 'none':
      return null;
    case 'cut':
      return say('chat.gap.cut', {
        read: gap.read,
        from: gap.from === null ? say('chat.gap.earlier') : { moment: gap.from },
        until: { moment: gap.until },
      });
    case 'rewound':
      return say('chat.gap.rewound', { read: gap.read });
    default:
      return gap satisfies never;
  }
}
