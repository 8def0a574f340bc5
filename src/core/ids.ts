/**
 * Branded identifiers: a string becomes one only through its parser, so that a room id can't be
 * passed where a user id is wanted and nothing unchecked reaches a URL.
 */
import { AppError } from './errors.ts';
import { say } from './text.ts';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Full Matrix user id, `@localpart:server` (Matrix spec, appendices §4.2.1). */
export type UserId = Branded<'UserId'>;
/** The part of a user id between `@` and `:`, in the spec's strict grammar (lower case). */
export type Localpart = Branded<'Localpart'>;
/** Room id, `!opaque:server`, or `!opaque` from room version 12 on. */
export type RoomId = Branded<'RoomId'>;
/** Event id, `$opaque`. */
export type EventId = Branded<'EventId'>;
/** A job of ours: what `!jobs` lists and `!cancel` takes. */
export type JobId = Branded<'JobId'>;
/** Names one logged failure; shown to the person, found again by `!error`. */
export type ErrorId = Branded<'ErrorId'>;
/** One row of the outbox. */
export type OutboxId = Branded<'OutboxId'>;

/** How long a localpart may be, characters: with the name of its server an id has 255 bytes (spec). */
export const longestLocalpart = 200;

const patterns = {
  UserId: /^@[^:\s\0]{1,200}:[^\s\0]{1,230}$/,
  Localpart: new RegExp(`^[a-z0-9._=\\-/+]{1,${longestLocalpart}}$`),
  RoomId: /^![^\s\0]{1,254}$/,
  EventId: /^\$[^\s\0]{1,254}$/,
  JobId: /^j[a-z0-9]{1,20}$/,
  ErrorId: /^e[a-z0-9]{4,20}$/,
  OutboxId: /^o[a-z0-9]{1,32}$/,
} as const;

type IdName = keyof typeof patterns;

function is<Name extends IdName>(name: Name, text: string): text is Branded<Name> {
  return patterns[name].test(text);
}

function parser<Name extends IdName>(name: Name): (text: string) => Branded<Name> {
  return (text) => {
    if (!is(name, text)) {
      throw new AppError('E_ID_INVALID', { kind: say(`id.kind.${name}`), value: text });
    }
    return text;
  };
}

/** Throws `E_ID_INVALID` unless the text has the form of a Matrix user id. */
export const parseUserId = parser('UserId');
/** Throws `E_ID_INVALID` unless the text is a localpart in the strict grammar. */
export const parseLocalpart = parser('Localpart');
/** Throws `E_ID_INVALID` unless the text has the form of a room id. */
export const parseRoomId = parser('RoomId');
/** Throws `E_ID_INVALID` unless the text has the form of an event id. */
export const parseEventId = parser('EventId');
/** Throws `E_ID_INVALID` unless the text has the form of a job id. */
export const parseJobId = parser('JobId');
/** Throws `E_ID_INVALID` unless the text has the form of an error id. */
export const parseErrorId = parser('ErrorId');
/** Throws `E_ID_INVALID` unless the text has the form of an outbox id. */
export const parseOutboxId = parser('OutboxId');

/** The localpart of a user id; historical (upper-case) localparts are refused with `E_ID_INVALID`. */
export function localpartOf(user: UserId): Localpart {
  return parseLocalpart(user.slice(1, user.indexOf(':')));
}

/** The server name of a user id, port included. */
export function serverOf(user: UserId): string {
  return user.slice(user.indexOf(':') + 1);
}

/** `@localpart:server` from its two parts. */
export function userIdOf(localpart: Localpart, server: string): UserId {
  return parseUserId(`@${localpart}:${server}`);
}
