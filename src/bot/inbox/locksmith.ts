import type { RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { say, type Text } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import type { SqliteLedger } from '../../platform/store/ledger-store.ts';
import type { LockedEvent, LockedEvents } from '../../platform/store/locked-events.ts';
import type { MegolmMessages } from '../../platform/store/megolm-messages.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import type { OpenedEvent } from '../crypto/protection.ts';
import { announce } from '../message-content.ts';
import { Signal } from '../signal.ts';
import type { DistrustNotices } from './distrust-notices.ts';
import type { Judged } from './judge.ts';

/** What the locksmith works with. */
export interface LocksmithParts {
  readonly database: Database;
  readonly ledger: SqliteLedger;
  readonly locked: LockedEvents;
  readonly messages: MegolmMessages;
  readonly outbox: SqliteOutbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: () => Language;
  readonly open: (event: unknown, room: RoomId) => Promise<OpenedEvent>;
  readonly judge: (event: OpenedEvent, room: RoomId) => Judged | null;
  /** It can be opened now, and is not to be trusted. Inside a transaction. */
  readonly distrust: Pick<DistrustNotices, 'note'>;
  /** After a commit that left something to handle. */
  readonly onPending: () => void;
}

/** A key mostly comes before its message, or with the next sync; ms. */
const patienceMs = 4000;
/** The home server can make up as many of these as it likes: so many are spoken of in so long (ms). */
const hintsAtMost = 10;
const hintsPerMs = 10 * 60_000;

/** Sees to encrypted events that could not be read: says so once, and opens them when their key comes. */
export class Locksmith {
  readonly #parts: LocksmithParts;
  readonly #more = new Signal();
  /** When hints were given lately (steady clock, ms), oldest first. */
  #hintedAt: readonly number[] = [];

  constructor(parts: LocksmithParts) {
    this.#parts = parts;
  }

  /** Tries all that is locked; call when keys or devices have come. */
  async tryAll(): Promise<void> {
    const { locked, open } = this.#parts;
    for (const each of locked.all()) {
      const opened = await open(each.event, each.room);
      if (opened.protection.kind !== 'locked') this.#settle(each, opened);
    }
  }

  #settle({ eventId, room }: LockedEvent, opened: OpenedEvent): void {
    const { database, ledger, locked, messages, clock, judge, log, distrust, onPending } =
      this.#parts;
    const judged = judge(opened, room);
    const input = judged?.observed.input ?? null;
    const { protection } = opened;
    const isAlive = database.transaction(() => {
      locked.remove(eventId);
      if (judged !== null && protection.kind === 'rejected') distrust.note(judged);
      if (input === null || protection.kind !== 'sealed') return false;
      const { session, index } = protection.message;
      if (!messages.claim(session, index, eventId, clock.now())) return false;
      ledger.revive(eventId, input);
      return true;
    });
    log.info({ event: eventId, protection: protection.kind }, 'an encrypted event can be read now');
    if (isAlive) onPending();
  }

  /** Something is locked that was not before. */
  wake(): void {
    this.#more.notify();
  }

  /** Until aborted: says in the room of what can't be read, after a while and once each. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#tell();
      await this.#more.wait(signal, this.#dueInMs());
    }
  }

  #tell(): void {
    const { database, locked, clock } = this.#parts;
    const due = locked.untold(clock.now() - patienceMs);
    if (due.length === 0) return;
    database.transaction(() => {
      for (const each of due) this.#tellOf(each);
    });
  }

  #tellOf({ eventId, room, reason }: LockedEvent): void {
    const { outbox, locked, clock, language, log } = this.#parts;
    locked.noteTold(eventId);
    const now = clock.monotonic();
    this.#hintedAt = this.#hintedAt.filter((at) => now - at < hintsPerMs);
    if (this.#hintedAt.length >= hintsAtMost) {
      log.debug({ event: eventId, reason }, 'an encrypted event can not be read');
      return;
    }
    this.#hintedAt = [...this.#hintedAt, now];
    const lane = `locked ${eventId}`;
    const mark = { kind: 'reaction', target: eventId, key: '🔒' } as const;
    outbox.add({ room, lane, priority: 'answer', body: mark }, clock.now());
    const nodes = [{ type: 'outcome', outcome: 'warning', text: hintFor(reason) }] as const;
    const extra = { 'm.relates_to': { 'm.in_reply_to': { event_id: eventId } } };
    for (const row of announce({ room, nodes, language: language(), extra })) {
      outbox.add(row, clock.now());
    }
  }

  /** ms until something is to be said; Infinity: nothing waits. A clock that was set back makes it later. */
  #dueInMs(): number {
    const { locked, clock } = this.#parts;
    const [first] = locked.untold(Number.MAX_SAFE_INTEGER);
    if (first === undefined) return Infinity;
    return Math.min(patienceMs, Math.max(1, first.seenAt + patienceMs - clock.now()));
  }
}

function hintFor(reason: string): Text {
  switch (reason) {
    case 'withheld':
      return say('chat.locked.withheld');
    case 'unknown-device':
      return say('chat.locked.unknown-device');
    default:
      return say('chat.locked.no-key');
  }
}
