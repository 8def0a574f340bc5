import type { RoomId, UserId } from '../../core/ids.ts';
import { say, type Text } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import type { RejectReason } from '../crypto/protection.ts';
import { announce } from '../message-content.ts';
import type { DistrustTrail } from './distrust-trail.ts';
import type { Judged } from './judge.ts';

/** What the notices are made with. */
export interface DistrustNoticesParts {
  readonly outbox: SqliteOutbox;
  readonly clock: Clock;
  readonly language: () => Language;
  readonly isListed: (user: UserId) => boolean;
  readonly trail: Pick<DistrustTrail, 'note'>;
}

/** Of the same person and for the same reason at most so often; ms. */
const everyMs = 10 * 60_000;

/**
 * Tells the room that something said in a listed person's name was not taken, and why: either that
 * person has to do something, or somebody else speaks in their name.
 */
export class DistrustNotices {
  readonly #parts: DistrustNoticesParts;
  readonly #toldAt = new Map<string, number>();

  constructor(parts: DistrustNoticesParts) {
    this.#parts = parts;
  }

  /** Part of the transaction that records the event. */
  note({ observed: { sender, roomId, eventId: event }, protection, isInClear }: Judged): void {
    const { isListed, trail } = this.#parts;
    if (!isListed(sender)) return;
    if (isInClear) {
      trail.note({ sender, event, reason: 'in-clear' });
      this.#tell(roomId, sender, 'in-clear', say('chat.in-clear', { user: sender }));
    }
    if (protection.kind !== 'rejected') return;
    const { reason } = protection;
    trail.note({ sender, event, reason });
    this.#tell(roomId, sender, reason, wordsFor(reason, sender));
  }

  /** The home server shows another identity of somebody. Part of the transaction that notes it. */
  newIdentity(user: UserId, room: RoomId | null): void {
    const { isListed, trail } = this.#parts;
    if (!isListed(user)) return;
    trail.note({ sender: user, event: null, reason: 'new-identity' });
    if (room === null) return;
    this.#tell(room, user, 'new-identity', say('chat.identity.new', { user }));
  }

  #tell(room: RoomId, user: UserId, why: string, text: Text): void {
    const { outbox, clock, language } = this.#parts;
    const key = `${room} ${user} ${why}`;
    const now = clock.monotonic();
    if (now - (this.#toldAt.get(key) ?? -Infinity) < everyMs) return;
    if (this.#toldAt.size > 1000) this.#toldAt.clear();
    this.#toldAt.set(key, now);
    const nodes = [{ type: 'outcome', outcome: 'warning', text }] as const;
    for (const row of announce({ room, nodes, language: language() })) outbox.add(row, clock.now());
  }
}

function wordsFor(reason: RejectReason, user: UserId): Text {
  switch (reason) {
    case 'unsigned-device':
      return say('chat.rejected.unsigned-device', { user });
    case 'changed-identity':
      return say('chat.rejected.changed-identity', { user });
    case 'other-sender':
      return say('chat.rejected.other-sender', { user });
    case 'damaged':
      return say('chat.rejected.damaged', { user });
    default:
      return reason satisfies never;
  }
}
