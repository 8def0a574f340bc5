import type { People } from '../../commands/capabilities.ts';
import type { UserId } from '../../core/ids.ts';
import { say } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import type { RoomStore } from '../../platform/store/rooms.ts';
import { announce } from '../message-content.ts';

/** What the notice is made with. */
export interface ApprovalNoticeParts {
  readonly people: Pick<People, 'roleOf'>;
  readonly rooms: RoomStore;
  readonly outbox: SqliteOutbox;
  readonly language: () => Language;
  readonly clock: Clock;
}

/**
 * Tells the admin room that a person's new identity counts: whoever reset it sees nothing else of it,
 * and the others learn who is who. Part of the transaction that approves; a bot that does not run
 * says it when it starts.
 */
export function noteApproval(parts: ApprovalNoticeParts, user: UserId): void {
  const { people, rooms, outbox, language, clock } = parts;
  const room = rooms.present('admin');
  const role = people.roleOf(user);
  if (room === null || role === null) return;
  const text = say('chat.identity.approved', { user, role: say(`role.${role}`) });
  const nodes = [{ type: 'outcome', outcome: 'ok', text }] as const;
  for (const row of announce({ room, nodes, language: language() })) outbox.add(row, clock.now());
}
