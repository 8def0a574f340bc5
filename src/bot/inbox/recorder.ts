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
import type { LockedEvents } from '../../platform/store/locked-events.ts';
import type { MegolmMessages } from '../../platform/store/megolm-messages.ts';
import type { OpenedEvent } from '../crypto/protection.ts';
import { announce } from '../message-content.ts';
import type { DistrustNotices } from './distrust-notices.ts';
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
  /** Encrypted events that could not be opened when they came. */
  locked: number;
  /** Encrypted or in clear, not to be trusted. */
  distrusted: number;
  /** Something sealed that came a second time, as another event. */
  replayed: number;
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
  /** A listed person gave a command where none are taken. Inside the transaction that records it. */
  readonly onElsewhere: (room: RoomId) => void;
  readonly locked: LockedEvents;
  readonly messages: MegolmMessages;
  readonly distrust: DistrustNotices;
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
  readonly counts: IntakeCounts = {
    ...{ recorded: 0, dropped: 0, malformed: 0, strangers: 0 },
    ...{ locked: 0, distrusted: 0, replayed: 0 },
  };
  readonly #parts: RecorderParts;
  readonly #strangers: OutsiderLog;
  readonly #replays: OutsiderLog;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#strangers = new OutsiderLog(parts.clock, parts.log, 'a stranger gave a command');
    this.#replays = new OutsiderLog(parts.clock, parts.log, 'a sealed message came twice');
  }

  /** A first look at an event; counts what is no event. */
  judge(event: OpenedEvent, room: RoomId): Judged | null {
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
    const seen = isBaseline
      ? events.map(withoutConsequence)
      : events.map((judged) => (this.#isReplay(judged, now) ? withoutConsequence(judged) : judged));
    const written = new Set(
      ledger.record(
        seen.map((judged): ObservedEvent => judged.observed),
        now,
      ),
    );
    const fresh = seen.filter((judged) => written.has(judged.observed));
    for (const judged of fresh) {
      const { observed, echo, strangerBody } = judged;
      if (!isBaseline) this.#keepLocked(judged, now);
      if (!isBaseline && judged.isElsewhere) this.#parts.onElsewhere(room);
      if (echo !== null) noteEcho(outbox, echo, observed.eventId, now);
      if (strangerBody === null) continue;
      this.#audit({ sender: observed.sender, room, event: observed.eventId, body: strangerBody });
    }
    this.#tell(room, gap, now);
    return fresh;
  }

  /** Whether the same sealed message came as another event before. */
  #isReplay({ observed, protection }: Judged, now: number): boolean {
    if (protection.kind !== 'sealed' || observed.input === null) return false;
    const { session, index } = protection.message;
    if (this.#parts.messages.claim(session, index, observed.eventId, now)) return false;
    this.counts.replayed += 1;
    this.#replays.note(observed.sender, { event: observed.eventId, session, index });
    return true;
  }

  #keepLocked(judged: Judged, now: number): void {
    const { locked, distrust, standpoint } = this.#parts;
    const { observed, protection, cover, isInClear } = judged;
    if (isInClear || protection.kind === 'rejected') {
      this.counts.distrusted += 1;
      distrust.note(judged);
    }
    if (protection.kind !== 'locked' || cover === null) return;
    this.counts.locked += 1;
    if (!standpoint.isListed(observed.sender)) return;
    const { eventId, roomId: room } = observed;
    locked.add({ eventId, room, event: cover, reason: protection.reason, seenAt: now });
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
      ({ observed, state, strangerBody, protection, isInClear, isElsewhere }) =>
        observed.input === null &&
        state === null &&
        strangerBody === null &&
        !isInClear &&
        !isElsewhere &&
        (protection.kind === 'plain' || protection.kind === 'sealed'),
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
