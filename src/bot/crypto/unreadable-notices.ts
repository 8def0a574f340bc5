import type { RoomId } from '../../core/ids.ts';
import { say } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import { announce } from '../message-content.ts';
import type { Unreadable } from './listed-readers.ts';

/** What the notices are made with. */
export interface UnreadableNoticesParts {
  readonly outbox: SqliteOutbox;
  readonly clock: Clock;
  readonly language: () => Language;
}

/** Tells the room, once per change, which listed people in it can't read what is written there. */
export class UnreadableNotices {
  readonly #parts: UnreadableNoticesParts;
  readonly #told = new Map<RoomId, string>();

  constructor(parts: UnreadableNoticesParts) {
    this.#parts = parts;
  }

  note(room: RoomId, people: readonly Unreadable[]): void {
    const users = people
      .map(({ user }) => user)
      .sort()
      .join(', ');
    if ((this.#told.get(room) ?? '') === users) return;
    this.#told.set(room, users);
    if (users === '') return;
    const { outbox, clock, language } = this.#parts;
    const nodes = [
      { type: 'outcome', outcome: 'warning', text: say('chat.unreadable', { users }) },
      { type: 'hint', text: say('chat.unreadable.next') },
    ] as const;
    for (const row of announce({ room, nodes, language: language() })) outbox.add(row, clock.now());
  }
}
