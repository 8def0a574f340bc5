import { ownText } from '../../commands/parse/own-text.ts';
import { isCommandLine } from '../../commands/parse/parse.ts';
import type { EventId, OutboxId, RoomId, UserId } from '../../core/ids.ts';
import { parseOutboxId } from '../../core/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../core/json.ts';
import type { OpenedEvent, Protection } from '../crypto/protection.ts';
import type { ObservedEvent, RoomInput } from '../../platform/store/ledger.ts';
import type { AcceptedAction } from '../rooms/room.ts';
import {
  messageContent,
  ownContent,
  reactionContent,
  readRawEvent,
  redactionContent,
  type RawEvent,
} from './raw-event.ts';

/** What is known about the world when an event is judged. */
export interface Standpoint {
  readonly self: UserId;
  /** Whether this person is on the list. */
  isListed(user: UserId): boolean;
  /** Whether a message says something to the bot: a command, or the code of a question. */
  isActionable(body: string): boolean;
  /** Whether the bot sent this event. */
  isOurs(event: EventId): boolean;
  /** Whether an open question came of this command. */
  isAskedAbout(event: EventId): boolean;
  /** Whether an open question stands in the thread with this root. */
  isAskedIn(thread: EventId): boolean;
  /** What people may do in this room. */
  accepts(room: RoomId): readonly AcceptedAction[];
  /** Whether only what is encrypted counts in this room. */
  isEncrypted(room: RoomId): boolean;
}

/** An event of our own, come back by sync. */
export interface OwnEcho {
  readonly out: OutboxId | null;
  readonly transactionId: string | null;
}

/** A change of the room's state. */
export interface StateChange {
  readonly type: string;
  readonly stateKey: string;
  readonly content: JsonObject;
}

/** One event after a first look. */
export interface Judged {
  readonly observed: ObservedEvent;
  readonly echo: OwnEcho | null;
  readonly state: StateChange | null;
  /** What somebody who is not on the list said to the bot. */
  readonly strangerBody: string | null;
  /** The home server's clock, ms since the epoch; to be shown, never to be judged by. */
  readonly sentAt: number;
  /** It had the frame of an event and a wrong content. */
  readonly isMalformed: boolean;
  /** A listed person's message that says something to the bot, in a room that takes nothing. */
  readonly isElsewhere: boolean;
  readonly protection: Protection;
  /** The event as it came, where it could not be opened yet. */
  readonly cover: JsonObject | null;
  /** A listed person's message that says something to the bot, in clear in an encrypted room. */
  readonly isInClear: boolean;
}

/** No event tells its age older than this; ms. A wrong clock must not make a number that SQLite refuses. */
const oldest = 100 * 365 * 24 * 3_600_000;

/**
 * How old the home server says it is. Our own clock is not asked: it may be wrong. An event that
 * says nothing counts as old, so that a change is asked about again and not lost.
 */
function ageOf({ unsigned: { age = oldest } }: RawEvent): number {
  return Math.min(Math.max(0, Math.round(age)), oldest);
}

type Verdict =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'input'; readonly input: RoomInput };
const nothing: Verdict = { kind: 'nothing' };

function judgeMessage(event: RawEvent): Verdict {
  // Redacted: nothing is left of it, and nothing may follow from it.
  if (Object.keys(event.content).length === 0) return nothing;
  const content = messageContent.safeParse(event.content);
  if (!content.success) return { kind: 'malformed' };
  const { msgtype, body, 'm.relates_to': relation, 'm.new_content': edited } = content.data;
  // Notices are what bots say (spec, m.notice); an edit never executes.
  if (msgtype !== 'm.text' || edited !== undefined) return nothing;
  if (relation?.rel_type === 'm.replace') return nothing;
  const reply = relation?.['m.in_reply_to']?.event_id;
  const isThread = relation?.rel_type === 'm.thread' && relation.event_id !== undefined;
  const isReal = reply !== undefined && !(isThread && relation.is_falling_back === true);
  return {
    kind: 'input',
    input: {
      kind: 'message',
      body: ownText(body),
      ...(isReal ? { replyTo: reply } : {}),
      ...(isThread && relation.event_id !== undefined ? { thread: relation.event_id } : {}),
    },
  };
}

function judgeReaction(event: RawEvent): Verdict {
  if (Object.keys(event.content).length === 0) return nothing;
  const content = reactionContent.safeParse(event.content);
  if (!content.success) return { kind: 'malformed' };
  const { key, event_id: target } = content.data['m.relates_to'];
  return { kind: 'input', input: { kind: 'reaction', key, target } };
}

function judgeRedaction(event: RawEvent): Verdict {
  const content = redactionContent.safeParse(event.content);
  const target = content.success ? content.data.redacts : event.redacts;
  if (target === undefined) return { kind: 'malformed' };
  return { kind: 'input', input: { kind: 'redaction', target } };
}

function verdictOf(event: RawEvent): Verdict {
  if (event.state_key !== undefined) return nothing;
  switch (event.type) {
    case 'm.room.message':
      return judgeMessage(event);
    case 'm.reaction':
      return judgeReaction(event);
    case 'm.room.redaction':
      return judgeRedaction(event);
    default:
      return nothing;
  }
}

/** Whether it stands where a question of ours is answered: then whatever it says gets an answer. */
function isAddressed(
  { replyTo, thread }: Extract<RoomInput, { kind: 'message' }>,
  standpoint: Standpoint,
): boolean {
  if (replyTo !== undefined) return standpoint.isOurs(replyTo);
  return thread !== undefined && (standpoint.isOurs(thread) || standpoint.isAskedIn(thread));
}

/** Whether something may follow from it, given who says it. */
function admit(input: RoomInput, sender: UserId, standpoint: Standpoint): boolean {
  switch (input.kind) {
    case 'message':
      return (
        standpoint.isListed(sender) &&
        (standpoint.isActionable(input.body) || isAddressed(input, standpoint))
      );
    case 'reaction':
      return standpoint.isOurs(input.target) && standpoint.isListed(sender);
    case 'redaction':
      // From whomever: a question that can't be read any more can't be answered either, and a command
      // that was removed is not meant any more.
      return standpoint.isOurs(input.target) || standpoint.isAskedAbout(input.target);
    default:
      return input satisfies never;
  }
}

/**
 * Whether something of this kind may follow in a room that accepts these. That something of ours was
 * removed is heard everywhere: it allows nothing.
 */
function isAccepted(input: RoomInput, accepts: readonly AcceptedAction[]): boolean {
  switch (input.kind) {
    case 'message':
      return accepts.includes(isCommandLine(input.body) ? 'command' : 'answer');
    case 'reaction':
      return accepts.includes('reaction');
    case 'redaction':
      return true;
    default:
      return input satisfies never;
  }
}

function echoOf(event: RawEvent): OwnEcho {
  const content = ownContent.safeParse(event.content);
  const out = content.success ? content.data['io.urtc.out'] : '';
  return {
    out: /^o[a-z0-9]{1,32}$/.test(out) ? parseOutboxId(out) : null,
    transactionId: event.unsigned.transaction_id ?? null,
  };
}

/**
 * What a timeline event means to the bot. Null: it has not even an id and a sender, nothing can be
 * remembered of it. Looks at nothing but the event and the standpoint, so that it can be tested
 * on any event.
 *
 * In an encrypted room a message counts only when it was sealed. Reactions never are (spec,
 * "Encrypting events"), and can take back but never allow.
 */
export function judge(
  { event, protection }: OpenedEvent,
  roomId: RoomId,
  standpoint: Standpoint,
): Judged | null {
  const raw = readRawEvent(event);
  if (raw === null) return null;
  const isOwn = raw.sender === standpoint.self;
  const verdict = isOwn || raw.isMalformed ? nothing : verdictOf(raw);
  const said = verdict.kind === 'input' ? verdict.input : null;
  const admitted = said !== null && admit(said, raw.sender, standpoint) ? said : null;
  const isTaken = admitted !== null && isAccepted(admitted, standpoint.accepts(roomId));
  const meant = isTaken ? admitted : null;
  const isInClear =
    meant?.kind === 'message' && standpoint.isEncrypted(roomId) && protection.kind !== 'sealed';
  const input = isInClear ? null : meant;
  const isStranger =
    said?.kind === 'message' &&
    !standpoint.isListed(raw.sender) &&
    standpoint.isActionable(said.body);
  return {
    observed: { eventId: raw.event_id, roomId, sender: raw.sender, input, ageMs: ageOf(raw) },
    echo: isOwn ? echoOf(raw) : null,
    state:
      raw.state_key === undefined
        ? null
        : { type: raw.type, stateKey: raw.state_key, content: raw.content },
    strangerBody: isStranger ? said.body : null,
    sentAt: raw.origin_server_ts,
    isMalformed: raw.isMalformed || verdict.kind === 'malformed',
    isElsewhere: !isTaken && admitted?.kind === 'message' && standpoint.isActionable(admitted.body),
    ...{ protection, isInClear },
    cover: protection.kind === 'locked' ? jsonObjectSchema.parse(event) : null,
  };
}
