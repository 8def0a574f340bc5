import type { RoomId, UserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { say } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import type { RoomStore } from '../../platform/store/rooms.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { announce } from '../message-content.ts';
import type { EncryptionGuard } from './encryption-guard.ts';
import type { Listed } from './room.ts';

/** What watching the members needs. */
export interface ReadersParts {
  readonly api: Pick<MatrixApi, 'members'>;
  readonly self: UserId;
  readonly database: Database;
  readonly store: RoomStore;
  readonly outbox: SqliteOutbox;
  readonly people: Listed;
  readonly language: () => Language;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Warns in the room, once per change, about members (also invited ones) who are not on the list of
 * people: they command nothing, but they read what people write, and in a plain room our answers,
 * too (docs/encryption.md, rule 5). Throws `MatrixFailure`.
 */
export async function warnAboutReaders(
  parts: ReadersParts & { readonly guard: Pick<EncryptionGuard, 'ask'> },
  room: RoomId,
): Promise<void> {
  const { api, self, database, store, outbox, people, language, clock, log, guard } = parts;
  const members = await api.members(room);
  const unlisted = [...members]
    .filter(([, membership]) => membership === 'join' || membership === 'invite')
    .map(([user]) => user)
    .filter((user) => user !== self && people.roleOf(user) === null)
    .sort();
  const warned = store.find(room)?.warnedAbout ?? [];
  const added = unlisted.filter((user) => !warned.includes(user));
  if (added.length === 0 && unlisted.length === warned.length) return;
  const isSealed = added.length > 0 && (await guard.ask(room)) === 'encrypted';
  if (added.length > 0) log.warn({ room, users: added }, 'people who are not listed read the room');
  database.transaction(() => {
    store.setWarned(room, unlisted);
    if (added.length === 0) return;
    const users = unlisted.join(', ');
    const invited = unlisted.filter((user) => members.get(user) === 'invite').join(', ');
    const text = isSealed ? say('chat.readers.sealed', { users }) : say('chat.readers', { users });
    const rows = announce({
      room,
      language: language(),
      nodes: [
        { type: 'outcome', outcome: 'warning', text },
        ...(invited === ''
          ? []
          : [
              { type: 'paragraph', text: say('chat.readers.invited', { users: invited }) } as const,
            ]),
        { type: 'hint', text: say('chat.readers.next') },
      ],
    });
    for (const row of rows) outbox.add(row, clock.now());
  });
}

/** Invites the listed people who never heard of the room. Throws `MatrixFailure`. */
export async function inviteListed(
  {
    api,
    people,
    log,
    self,
  }: Pick<ReadersParts, 'people' | 'log' | 'self'> & {
    readonly api: Pick<MatrixApi, 'members' | 'invite'>;
  },
  room: RoomId,
  failed: (error: unknown) => string,
): Promise<void> {
  const members = await api.members(room);
  const missing = people.list().filter(({ user }) => user !== self && !members.has(user));
  for (const { user } of missing) {
    try {
      await api.invite(room, user);
    } catch (error) {
      log.warn({ room, user, failure: failed(error) }, 'somebody could not be invited');
    }
  }
}
