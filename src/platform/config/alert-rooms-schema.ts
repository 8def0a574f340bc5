import { z } from 'zod';
import { adminRoomSchema, custom, matching } from './field-schemas.ts';

/** What a room for alerts is called in the config: it stands in messages and log lines. */
const roomName = matching(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'plain-name');

const room = z.strictObject({
  /** `create`: the bot makes it and invites the people; or its id. */
  room: adminRoomSchema.default('create'),
  /** What people may do there besides reading. A reaction may be answered in words. */
  accepts: z.array(z.enum(['command', 'reaction'])).default([]),
});

/** As `ops/alerts/severity.ts` reads them. */
const severities = ['critical', 'warning', 'info', 'none'] as const;

const route = z.strictObject({
  /** Name of a room. */
  to: roomName,
  /** All that are given must fit: one of the receivers, one of the severities, every label. */
  receivers: z.array(z.string().min(1)).min(1).optional(),
  severities: z.array(z.enum(severities)).min(1).optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

/** Rooms besides the admin room, by name. */
export const alertRoomsSchema = z.record(roomName, room).default({});

/** Which alerts go to which room: the first that fits; none: the admin room. */
export const alertRoutesSchema = z.array(route).default([]);

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

/** A name of the time zone database; an offset knows nothing of summer time. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** When only what is critical is told. `to` may be earlier than `from`: then it is on the next day. */
export const quietHoursSchema = z
  .strictObject({ from: timeOfDay, to: timeOfDay, timeZone: z.string() })
  .superRefine(({ from, to, timeZone }, context) => {
    if (!isZone(timeZone)) context.addIssue(custom('time-zone', ['timeZone']));
    if (from === to) context.addIssue(custom('quiet-hours', ['to']));
  });

/** A room for alerts, as the config has it. */
export type AlertRoomSettings = z.output<typeof room>;
/** A route, as the config has it. */
export type AlertRoute = z.output<typeof route>;

/** Complains about routes that lead to no room, and about a room that is named twice. */
export function checkRoutes(
  rooms: Readonly<Record<string, AlertRoomSettings>>,
  routes: readonly AlertRoute[],
  context: z.RefinementCtx,
): void {
  for (const [at, { to }] of routes.entries()) {
    if (!Object.hasOwn(rooms, to)) context.addIssue(custom('alert-route', ['routes', at, 'to']));
  }
  const seen = new Set<string>();
  for (const [name, { room: wanted }] of Object.entries(rooms)) {
    if (seen.has(wanted)) context.addIssue(custom('alert-room-twice', ['rooms', name, 'room']));
    if (wanted !== 'create') seen.add(wanted);
  }
}
