import type { RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { rest, type Clock } from '../../platform/clock.ts';
import type { Settings } from '../../platform/config/schema.ts';
import { AlertMessages } from '../../platform/store/alert-messages.ts';
import { HeldGroups } from '../../platform/store/held-groups.ts';
import type { PendingInput } from '../../platform/store/ledger.ts';
import type { OutboxItem } from '../../platform/store/outbox.ts';
import { SilenceNotes } from '../../platform/store/silence-notes.ts';
import { AlertRouting } from '../alerts/alert-routing.ts';
import { AlertTeller } from '../alerts/alert-teller.ts';
import { SilenceByReaction } from '../alerts/silence-by-reaction.ts';
import { SilenceWatch } from '../alerts/silence-watch.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { isOutboxId, referenceOf } from '../sender/deliver.ts';
import type { House } from './house.ts';

/** The rooms as they are now. */
export interface AlertPlaces {
  readonly rooms: () => Pick<Rooms, 'admin' | 'alertRoom' | 'ids' | 'isOpen'>;
  /** Whether a reaction alone is enough there. */
  readonly reactionsTrusted: (room: RoomId) => boolean;
}

/** What alerts in rooms are made of. */
export interface AlertsInRoomsParts {
  readonly settings: NonNullable<Settings['alerts']>;
  readonly house: House;
  readonly places: AlertPlaces;
  readonly clock: Clock;
  readonly log: Log;
  /** Something that waited may be told now. */
  readonly onDue: () => void;
}

/** The admin room; null until it is known which others there are, so that nothing strays at the start. */
export function adminOf({ rooms }: AlertPlaces): RoomId | null {
  return rooms().isOpen ? rooms().admin : null;
}

/** What people see of alerts in rooms, and do there. */
export interface AlertsInRooms {
  readonly teller: AlertTeller;
  /** What is to be handled in the place of an input; null: nothing any more. */
  take(pending: PendingInput): PendingInput | null;
  /** A row can never be sent. True: it was an alert, which is told elsewhere. */
  noteUnsent(item: OutboxItem): boolean;
  /** People look there no more. */
  noteRoomLost(room: RoomId): void;
  /** Until aborted. Rejects with what the store throws. */
  run(signal: AbortSignal): Promise<void>;
}

/** Puts the parts together. */
export function createAlertsInRooms(parts: AlertsInRoomsParts): AlertsInRooms {
  const { settings, house, places, clock, log, onDue } = parts;
  const { database, ledger, outbox, alertIncidents: incidents, alertmanager: api } = house;
  const { people } = house.capabilities;
  const admin = () => adminOf(places);
  const named = (name: string) => places.rooms().alertRoom(name);
  const messages = new AlertMessages(database);
  const held = new HeldGroups(database);
  const notes = new SilenceNotes(database);
  const language = () => house.live.current.settings.language;
  const teller = new AlertTeller({
    ...{ incidents, messages, held, outbox, language, links: settings.links },
    people: () => people.list().map(({ user }) => user),
    routing: new AlertRouting({ routes: settings.routes, named }),
    quietHours: settings.quietHours ?? null,
  });
  const reactions = new SilenceByReaction({
    ...{ database, ledger, outbox, incidents, messages, notes, people, clock },
    reactionsTrusted: places.reactionsTrusted,
  });
  const watch =
    api === null
      ? null
      : new SilenceWatch({
          ...{ api, database, notes, outbox, language, clock, log, room: admin },
        });
  return {
    teller,
    take: (pending) => reactions.take(pending),
    noteUnsent: ({ id, room, body }) => {
      const reference = referenceOf(body);
      const row = reference !== null && isOutboxId(reference) ? reference : id;
      const isOurs = teller.noteUnsent(row, room, admin(), clock.now());
      if (isOurs) onDue();
      return isOurs;
    },
    noteRoomLost: (room) => {
      database.transaction(() => {
        held.loseRoom(room);
      });
      onDue();
    },
    run: async (signal) => {
      await known(admin, clock, signal);
      if (signal.aborted) return;
      // What fires and is shown where people look no more: put out while the bot was away, or
      // another config.
      database.transaction(() => {
        held.loseAllBut(places.rooms().ids());
      });
      onDue();
      await watch?.run(signal);
    },
  };
}

/** Until the room is known, it is looked for so often, ms. */
const roomEveryMs = 250;

async function known(room: () => RoomId | null, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && room() === null) {
    await rest(clock, roomEveryMs, signal);
  }
}
