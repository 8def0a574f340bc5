import { expect, it } from 'vitest';
import { SilenceByReaction } from '../../../../src/bot/alerts/silence-by-reaction.ts';
import { parseEventId, parseUserId, type EventId, type UserId } from '../../../../src/core/ids.ts';
import type { Role } from '../../../../src/core/roles.ts';
import { SqliteLedger } from '../../../../src/platform/store/ledger-store.ts';
import type { PendingInput, RoomInput } from '../../../../src/platform/store/ledger.ts';
import type { AlertSource } from '../../../../src/platform/store/alert-row.ts';
import { SilenceNotes } from '../../../../src/platform/store/silence-notes.ts';
import { FakeClock } from '../fake-clock.ts';
import { alert, anna, bodyOf, FeedFixture, room, told } from './feed-fixture.ts';

const bo = parseUserId('@bo:x.org');
const vera = parseUserId('@vera:x.org');
const roles: Readonly<Record<string, Role>> = {
  [anna]: 'admin',
  [bo]: 'operator',
  [vera]: 'viewer',
};

/** A room with one alert in it, and what people do there. */
async function scene(isTrusted = false, source: AlertSource = 'alertmanager') {
  const feed = new FeedFixture();
  await feed.take({ ...told('A', alert()), source });
  const [row] = feed.sent();
  const root = parseEventId(`$${row?.id ?? ''}`);
  const group = feed.incidents.firing(null, 1)[0]?.group ?? '';
  const clock = new FakeClock();
  const ledger = new SqliteLedger(feed.database);
  const reactions = new SilenceByReaction({
    ...{ database: feed.database, ledger, outbox: feed.outbox, clock },
    ...{ incidents: feed.incidents, messages: feed.messages },
    notes: new SilenceNotes(feed.database),
    people: { roleOf: (user) => roles[user] ?? null, languageOf: () => 'en' },
    reactionsTrusted: () => isTrusted,
  });
  let nth = 0;
  const does = (sender: UserId, input: RoomInput): PendingInput | null => {
    nth += 1;
    const eventId = parseEventId(`$event${nth}`);
    ledger.record([{ eventId, roomId: room, sender, input, ageMs: 0 }], clock.now());
    const [pending] = ledger.pending(1).filter((each) => each.eventId === eventId);
    if (pending === undefined) throw new Error('nothing is pending');
    const taken = reactions.take(pending);
    expect(ledger.pendingCount()).toBe(taken === null ? 0 : 1);
    if (taken !== null) ledger.markHandled(eventId);
    return taken;
  };
  const reacts = (sender: UserId, key = '🔇', target: EventId = root) =>
    does(sender, { kind: 'reaction', key, target });
  const says = (sender: UserId, body: string, place: { replyTo?: EventId; thread?: EventId }) => {
    const taken = does(sender, { kind: 'message', body, ...place });
    return taken?.input.kind === 'message' ? taken.input.body : null;
  };
  /** The question that the bot has sent. */
  const asked = (): EventId => {
    const [prompt, ...others] = feed.sent();
    expect(others).toEqual([]);
    return parseEventId(`$${prompt?.id ?? ''}`);
  };
  return { feed, root, group, clock, reacts, says, asked };
}

it('[#13] 🔇 asks whoever reacted; a reply to that, or what begins with a time in the thread, is the command', async () => {
  const { feed, root, group, reacts, says, asked } = await scene();
  expect(reacts(anna)).toBeNull();
  expect(feed.waiting().map(bodyOf)[0]).toContain('@anna:x.org');
  const prompt = asked();
  // Nobody is asked twice, nor does another's reaction take the question over.
  expect(reacts(anna, '🔇\ufe0f')).toBeNull();
  expect(feed.waiting()).toEqual([]);
  expect(says(bo, '2h mine', { replyTo: prompt })).toBe('2h mine');
  expect(says(anna, 'I look at it', { thread: root })).toBe('I look at it');
  // What is wrong is said by the command, and the question stays.
  expect(says(anna, 'soon', { replyTo: prompt })).toBe(`!silence add soon "" ${group}`);
  expect(says(anna, '1d12h new "disk" `rm`', { thread: root })).toBe(
    `!silence add 1d12h ${String.raw`"new \"disk\" ` + '`rm`"'} ${group}`,
  );
  expect(says(anna, '2h again', { replyTo: prompt })).toBe('2h again');
});

it('[#13] a command typed as an answer is that command; after a quarter of an hour there is no question any more', async () => {
  const { clock, reacts, says, asked } = await scene();
  reacts(bo);
  const prompt = asked();
  expect(says(bo, '!help', { replyTo: prompt })).toBe('!help');
  clock.advance(15 * 60_000 + 1);
  expect(says(bo, '2h late', { replyTo: prompt })).toBe('2h late');
});

it('[#13] acts alone only where reactions are trusted; a viewer is refused by the command itself', async () => {
  const trusted = await scene(true);
  const alone = trusted.reacts(bo)?.input;
  expect(alone).toEqual({
    kind: 'message',
    body: `!silence add 2h "🔇 in the room" ${trusted.group}`,
    thread: trusted.root,
  });
  const careful = await scene();
  expect(careful.reacts(vera)?.input).toMatchObject({ kind: 'message' });
  // So is whoever wants to silence what Alertmanager does not know.
  const foreign = await scene(false, 'grafana');
  expect(foreign.reacts(anna)?.input).toMatchObject({ kind: 'message' });
});

it('other reactions, and 🔇 on anything but a group that fires, are none of its business', async () => {
  const { feed, reacts } = await scene();
  expect(reacts(anna, '✅')?.input.kind).toBe('reaction');
  expect(reacts(anna, '🔇', parseEventId('$else'))?.input.kind).toBe('reaction');
  await feed.take(told('A', alert({ status: 'resolved', endsAt: 9 })));
  feed.sent();
  expect(reacts(anna)?.input.kind).toBe('reaction');
  expect(feed.waiting()).toEqual([]);
});
