import type { ReportNode } from '../core/report.ts';
import type { RoomId } from '../core/ids.ts';
import { say, type Text } from '../core/text.ts';
import type { Language } from '../core/words/index.ts';
import type { FeedMessage } from '../ops/feed/feed.ts';
import type { Incident } from '../platform/store/incidents.ts';
import type { SqliteOutbox } from '../platform/store/outbox-store.ts';
import { noticeContent } from './message-content.ts';
import { renderMatrix } from './render/matrix.ts';

/** Where and how the feed speaks. */
export interface FeedPlace {
  readonly outbox: SqliteOutbox;
  readonly room: RoomId;
  readonly language: Language;
  readonly release: string;
  /** Takes secrets out of the cluster's own words. */
  readonly redact: (text: string) => string;
  /** What was done about a trouble, in the order in which it was. */
  readonly notes: (incident: Incident) => readonly Text[];
  /** ms since the epoch. */
  readonly now: number;
}

/** The message's own row, under which an edit finds it, also after a restart. */
const messageKey = (key: string): string => `incident ${key}`;

/**
 * Says what a feed's message is to be: the first time as a message, from then on as an edit of it.
 * Part of the caller's transaction.
 */
export function postFeedMessage(place: FeedPlace, message: FeedMessage): void {
  const { outbox, room, language, redact, now } = place;
  const { messages } = renderMatrix(nodesOf(place, message), language);
  const [first] = messages;
  const shown = { body: redact(first.body), formattedBody: redact(first.formattedBody) };
  const content = noticeContent(shown, {
    'io.urtc.notice': true,
    'io.urtc.incident': message.key,
  });
  const key = messageKey(message.key);
  const said = outbox.latest(room, key);
  const lane = `feed ${room}`;
  const isThere = said !== null && said.state !== 'dropped' && said.state !== 'failed';
  const isUnsent = isThere && said.eventId === null && outbox.isUntouched(said.id);
  if (!isThere || isUnsent) {
    const body = { kind: 'event', eventType: 'm.room.message', content } as const;
    outbox.add({ room, lane, priority: 'urgent', body, mergeKey: key }, now);
    return;
  }
  const body = { kind: 'edit', target: said.eventId ?? said.id, content } as const;
  const mergeKey = `incident edit ${message.key}`;
  outbox.add({ room, lane, priority: 'urgent', body, mergeKey }, now);
}

/** The nodes of a message. */
function nodesOf(place: FeedPlace, { incidents }: FeedMessage): readonly ReportNode[] {
  const { release, now } = place;
  const notes = incidents
    .flatMap((each) => place.notes(each))
    .map((text): ReportNode => ({ type: 'hint', text }));
  const open = incidents.filter(({ healedAt }) => healedAt === null);
  const next: readonly ReportNode[] =
    open.length === 0 ? [] : [{ type: 'hint', text: say('feed.next') }];
  const [only] = incidents;
  if (incidents.length === 1 && only !== undefined) {
    return [...single(only, now), ...notes, ...next];
  }
  const worst = open.some(({ level }) => level === 'broken') ? 'failed' : 'warning';
  const count = open.length;
  return [
    open.length === 0
      ? { type: 'outcome', outcome: 'ok', text: say('feed.all-healed') }
      : { type: 'outcome', outcome: worst, text: say('feed.many', { count, release }) },
    {
      type: 'list',
      items: incidents.map(({ said, healedAt }) =>
        healedAt === null ? said : say('feed.line.healed', { said }),
      ),
    },
    ...notes,
    ...next,
  ];
}

function single(
  { level, said, openedAt, healedAt, returns }: Incident,
  now: number,
): readonly ReportNode[] {
  const back: readonly ReportNode[] =
    returns === 0 ? [] : [{ type: 'hint', text: say('feed.returned', { count: returns }) }];
  if (healedAt === null) {
    const outcome = level === 'broken' ? 'failed' : 'warning';
    const since = say('feed.open', { at: { moment: openedAt } });
    return [{ type: 'outcome', outcome, text: said }, { type: 'hint', text: since }, ...back];
  }
  const span = { span: Math.max(0, Math.min(healedAt, now) - openedAt) };
  return [
    { type: 'outcome', outcome: 'ok', text: say('feed.healed', { span }) },
    { type: 'paragraph', text: say('feed.line.healed', { said }) },
    ...back,
  ];
}
