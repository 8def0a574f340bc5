import type { RoomId } from '../../core/ids.ts';
import { routeOf, type Route, type Routed } from '../../ops/alerts/route.ts';

/** What routing is made of. */
export interface AlertRoutingParts {
  /** The first one that fits counts. */
  readonly routes: readonly Route[];
  /** The room for alerts of this name; null: it can't be used. */
  readonly named: (name: string) => RoomId | null;
}

/** Where a group goes. */
export interface Destination {
  readonly room: RoomId;
  /** The room that it belongs into and that can't be used; null: it is there. */
  readonly strayed: string | null;
  /** The lower, the earlier the route. */
  readonly rank: number;
}

/** Finds the room of a group of alerts. */
export class AlertRouting {
  readonly #parts: AlertRoutingParts;

  constructor(parts: AlertRoutingParts) {
    this.#parts = parts;
  }

  /** `admin`: where all goes that has no other place, or whose place can't be used. */
  destination(receiver: string, alerts: readonly Routed[], admin: RoomId): Destination {
    const { routes, named } = this.#parts;
    const at = routeOf(routes, receiver, alerts);
    const name = at === null ? null : (routes[at]?.to ?? null);
    if (at === null || name === null) return { room: admin, strayed: null, rank: routes.length };
    const room = named(name);
    return room === null
      ? { room: admin, strayed: name, rank: at }
      : { room, strayed: null, rank: at };
  }

  /** Whether what is shown in `present` may stay there where it belongs to `wanted` now. */
  mayStay(present: RoomId, wanted: Destination): boolean {
    if (present === wanted.room) return true;
    const { routes, named } = this.#parts;
    const rank = routes.findIndex(({ to }) => named(to) === present);
    // Not moved to where it matters less: people would look for it where it began.
    return rank !== -1 && rank <= wanted.rank;
  }
}
