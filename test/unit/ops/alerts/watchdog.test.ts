import { expect, it, onTestFinished } from 'vitest';
import { WatchdogRoom } from '../../../../src/bot/alerts/watchdog-room.ts';
import { parseEventId, parseRoomId, parseUserId } from '../../../../src/core/ids.ts';
import { Watchdog } from '../../../../src/ops/alerts/watchdog.ts';
import type { Notification } from '../../../../src/ops/alerts/notification.ts';
import { AlertWatchdog } from '../../../../src/platform/store/alert-watchdog.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { FakeClock } from '../../bot/fake-clock.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';

const room = parseRoomId('!admin:x.org');
const minute = 60_000;

const told = (...names: readonly string[]): Notification => ({
  ...{ source: 'alertmanager', receiver: 'urtc', groupKey: 'g', groupLabels: {}, externalUrl: '' },
  alerts: names.map((alertname) => ({
    ...{ fingerprint: alertname, startsAt: 1, endsAt: null, annotations: {}, generatorUrl: '' },
    ...{ labels: { alertname }, status: alertname.endsWith('!') ? 'resolved' : 'firing' },
  })),
});

function stage({ isRequired = false } = {}) {
  const database = stateIn(tempFolder());
  onTestFinished(() => database.close());
  const clock = new FakeClock();
  const outbox = new SqliteOutbox(database);
  let place: typeof room | null = room;
  const doubted = new Set<number>();
  const begin = () => {
    const rule = { labels: { alertname: 'Watchdog' }, isRequired, silentAfterMs: 15 * minute };
    const watchdog = new Watchdog({ rule, clock, store: new AlertWatchdog(database) });
    const talk = new WatchdogRoom({
      ...{ watchdog, database, outbox, clock, language: () => 'en' },
      ...{ people: () => [parseUserId('@anna:x.org')], room: () => place },
      doubtEnded: (since) => void doubted.add(since),
    });
    return { watchdog, talk };
  };
  let bot = begin();
  return {
    ...{ clock, outbox, doubted },
    get bot() {
      return bot;
    },
    restart: () => (bot = begin()),
    setRoom: (next: typeof room | null) => (place = next),
    come: () => bot.watchdog.screen(told('Watchdog')),
    pass: (ms: number, beat = false) => {
      for (let passed = 0; passed < ms; passed += minute / 2) {
        clock.advance(minute / 2);
        if (beat) bot.watchdog.screen(told('Watchdog'));
        bot.talk.look();
      }
    },
    /** What the room is told, in order. */
    said: () =>
      [...outbox.heads(100)].flatMap(({ body }) =>
        body.kind === 'event' ? [JSON.stringify(body.content['body'])] : [],
      ),
    send: () => {
      for (const { id } of outbox.heads(100)) {
        outbox.markSent(id, parseEventId(`$${id}`), clock.now());
      }
    },
  };
}

it('is taken out of what is shown; the others stay', () => {
  const { bot } = stage();
  const others = told('DiskFull');
  expect(bot.watchdog.screen(others)).toBe(others);
  expect(bot.watchdog.screen(told('Watchdog'))).toBeNull();
  expect(bot.watchdog.screen(told('DiskFull', 'Watchdog'))).toEqual(told('DiskFull'));
  expect(bot.watchdog.without(told('DiskFull', 'Watchdog'))).toEqual(told('DiskFull'));
  expect(bot.watchdog.mayBeIn(JSON.stringify(told('Watchdog')))).toBe(true);
  expect(bot.watchdog.mayBeIn(JSON.stringify(others))).toBe(false);
});

it('[#17] says once that monitoring is silent, rings, and says when it is back (fake clock)', () => {
  const { come, pass, said, send, outbox, bot } = stage();
  // Nobody expects what never came.
  pass(60 * minute);
  expect([said(), bot.watchdog.missedMs()]).toEqual([[], null]);
  come();
  pass(60 * minute, true);
  pass(14 * minute);
  expect(said()).toEqual([]);
  pass(20 * minute);
  expect(said()).toEqual([expect.stringContaining('Monitoring is silent')]);
  const [row] = outbox.heads(1);
  expect(row?.body).toMatchObject({
    content: { msgtype: 'm.text', 'm.mentions': { user_ids: ['@anna:x.org'] } },
  });
  send();
  pass(60 * minute);
  expect(said()).toEqual([]);
  pass(minute, true);
  expect(said()).toEqual([expect.stringContaining('Monitoring is back')]);
});

it('an end of it that is told is no sign of life', () => {
  const { bot, clock } = stage();
  bot.watchdog.screen(told('Watchdog'));
  clock.advance(minute);
  const ended = told('Watchdog').alerts.map((alert) => ({ ...alert, status: 'resolved' as const }));
  expect(bot.watchdog.screen({ ...told(), alerts: ended })).toBeNull();
  expect(bot.watchdog.ageMs()).toBe(minute);
});

it('goes on over restarts: no new fifteen minutes, and time for the first post after a long break (fake clock)', () => {
  const all = stage();
  all.come();
  all.pass(14 * minute);
  all.restart();
  all.pass(4 * minute);
  expect(all.said()).toEqual([]);
  all.pass(2 * minute);
  expect(all.said()).toHaveLength(1);
  all.send();
  all.restart();
  all.pass(60 * minute);
  expect(all.said()).toEqual([]);
  all.pass(minute, true);
  expect(all.said()).toEqual([expect.stringContaining('back')]);
  all.send();
  // The bot was down for a day; Alertmanager posts within its interval.
  all.clock.advance(24 * 60 * minute);
  all.restart();
  all.pass(2 * minute);
  all.come();
  all.pass(10 * minute, true);
  expect(all.said()).toEqual([]);
});

it('a clock that jumps neither makes a silence nor hides one (fake clock)', () => {
  const { come, pass, said, clock } = stage();
  come();
  clock.wall += 24 * 60 * minute;
  pass(10 * minute);
  expect(said()).toEqual([]);
  clock.wall -= 48 * 60 * minute;
  pass(6 * minute);
  expect(said()).toHaveLength(1);
});

it('is missed from the start where that is wanted (fake clock)', () => {
  const { pass, said } = stage({ isRequired: true });
  pass(16 * minute);
  expect(said()).toHaveLength(1);
});

it('is told out of band as long as the room has not taken it (fake clock)', () => {
  const { bot, come, pass, send, setRoom, said } = stage();
  const sight = (isMatrixOut: boolean) => bot.talk.sight(isMatrixOut, 5 * minute).sight;
  come();
  pass(10 * minute);
  expect(sight(true)).toBe('good');
  setRoom(null);
  pass(6 * minute);
  expect([said(), sight(true), sight(false)]).toEqual([[], 'bad', 'unsettled']);
  setRoom(room);
  pass(6 * minute);
  expect([said().length, sight(false)]).toEqual([1, 'bad']);
  send();
  expect([sight(true), sight(false)]).toEqual(['told-there', 'told-there']);
  pass(minute, true);
  expect(sight(true)).toBe('good');
});

it('[#14] while monitoring is silent, what has ended since the watchdog came last is in doubt, and only that (fake clock)', () => {
  const { come, pass, doubted, bot } = stage();
  come();
  pass(60 * minute, true);
  expect(doubted.size).toBe(0);
  const { seenAt } = bot.watchdog.state;
  pass(20 * minute);
  expect([...doubted]).toEqual([seenAt]);
});
