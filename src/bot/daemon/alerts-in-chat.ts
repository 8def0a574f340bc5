import type { Dispatcher } from '../../commands/dispatcher.ts';
import type { Settings } from '../../platform/config/schema.ts';
import type { ChatParts } from '../chat-parts.ts';
import { acceptedBy } from '../rooms/room.ts';
import type { Alerts } from './alerts.ts';

type AlertParts = Required<Pick<ChatParts, 'handle' | 'alertRooms' | 'onRoomLost' | 'onUnsent'>>;

/** What the chat does for alerts, and what becomes of inputs. `alerts` null: the bot takes none. */
export function alertsInChat(
  settings: Settings,
  alerts: () => Alerts | null,
  dispatcher: Pick<Dispatcher, 'handle'>,
): AlertParts {
  const rooms = Object.entries(settings.alerts?.rooms ?? {});
  return {
    alertRooms: rooms.map(([name, { room: wanted, accepts }]) => ({
      ...{ name, wanted, accepts: acceptedBy(accepts) },
    })),
    handle: (pending) => {
      if (pending.input.kind === 'redaction') alerts()?.noteRemoved(pending.input.target);
      const taken = alerts()?.take(pending);
      return taken === null ? Promise.resolve() : dispatcher.handle(taken ?? pending);
    },
    onRoomLost: (room) => {
      alerts()?.noteRoomLost(room);
    },
    onUnsent: (item) => (alerts()?.noteUnsent(item) === true ? 'room-lost' : null),
  };
}
