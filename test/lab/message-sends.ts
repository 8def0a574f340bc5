import type { RequestMatch } from './proxy/rules.ts';

/** Path of a request that puts a message into a room, as it is or encrypted; no reaction. */
export const messagePath = /\/send\/m\.room\.(message|encrypted)\//;

/** A message on its way to the home server, in either kind of room. */
export const messageSends: RequestMatch = { method: 'PUT', path: messagePath };
