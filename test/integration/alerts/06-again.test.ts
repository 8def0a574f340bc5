import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isNews } from '../../lab/alerts/alert-events.ts';
import { postTo, startAlertingBot, type AlertingBot } from '../../lab/alerts/alerting-bot.ts';
import {
  alertmanagerVersions,
  type AlertmanagerVersion,
} from '../../lab/alerts/alertmanager-program.ts';
import { bodyOf, relationOf, type LabEvent } from '../../lab/event.ts';
import { messageSends } from '../../lab/message-sends.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { until } from '../../lab/wait.ts';
import { posted, postedAlert } from '../../unit/bot/alerts/payloads.ts';

/** A bot, its Alertmanager, and the room that it tells. */
interface Scene {
  readonly alerting: AlertingBot;
  readonly room: string;
}

let lab: Lab;
const scenes = new Map<AlertmanagerVersion, Scene>();

const sceneOf = (version: AlertmanagerVersion): Scene => {
  const scene = scenes.get(version);
  if (scene === undefined) throw new Error(`no scene of ${version}`);
  return scene;
};

beforeAll(async () => {
  lab = await startLab({ name: 'alerts-again' });
  for (const version of alertmanagerVersions) {
    const alerting = await startAlertingBot(lab, {
      ...{ name: `bot-${version}`, version, intervals: { group: '2s', repeat: '1h' } },
    });
    scenes.set(version, { alerting, room: await lab.enterAdminRoom() });
  }
});
afterAll(async () => {
  for (const { alerting } of scenes.values()) await alerting.stop();
  await lab.stop();
});

const isEdit = (event: LabEvent): boolean => relationOf(event).rel_type === 'm.replace';
/** A group's interval passes between two posts. */
const patience = { timeoutMs: 60_000 };
const warning = (alertname: string) => ({ alertname, severity: 'warning' });

/** What both versions do at the same time; each has its own bot, and so its own list to be asked for. */
describe('while it runs', () => {
  it.concurrent.each(alertmanagerVersions)(
    '[#6] %s: firing, resolved and firing again with the same beginning is told',
    async (version) => {
      const alice = lab.person('alice');
      const { alertmanager } = sceneOf(version).alerting;
      const { room } = sceneOf(version);
      const one = { labels: warning('Lost'), startsAt: new Date().toISOString() };
      const ofLost = (event: LabEvent): boolean => bodyOf(event).includes('Lost');

      await alertmanager.report([one]);
      const root = await alice.waitFor(room, (event) => isNews(event) && ofLost(event));
      await alertmanager.report([{ ...one, endsAt: new Date().toISOString() }]);
      const isInThread = (event: LabEvent): boolean => relationOf(event).event_id === root.event_id;
      await alice.waitFor(
        room,
        (event) => isInThread(event) && event.content['msgtype'] === 'm.notice',
        patience,
      );
      await alertmanager.report([one]);
      const again = await alice.waitFor(
        room,
        (event) => isNews(event) && bodyOf(event).includes('fires again'),
        patience,
      );
      expect(relationOf(again).event_id).toBe(root.event_id);
    },
    200_000,
  );

  it.concurrent.each(alertmanagerVersions)(
    '[#13] [#14] %s: what ends while a silence covers it, which nobody is told, is shown as no longer reported within two minutes',
    async (version) => {
      const alice = lab.person('alice');
      const { alertmanager } = sceneOf(version).alerting;
      const { room } = sceneOf(version);
      const one = { labels: warning('Swallowed'), startsAt: new Date().toISOString() };
      const other = { labels: warning('Goes on'), startsAt: one.startsAt };
      await alertmanager.report([one, other]);
      for (const { alertname } of [one.labels, other.labels]) {
        await alice.waitFor(room, (event) => isNews(event) && bodyOf(event).includes(alertname));
      }
      const made = await alice.ask(room, '!silence add 1h test alertname=~"Swallowed|Goes.on"');
      expect(made.outcome).toBe('ok');
      expect(made.body).toContain('covers 2 alerts');
      await alertmanager.report([{ ...one, endsAt: new Date().toISOString() }]);
      const began = performance.now();
      const edit = await alice.waitFor(
        room,
        (event) => isEdit(event) && bodyOf(event).includes('resolved: Swallowed'),
        { timeoutMs: 120_000 },
      );
      process.stdout.write(`${version}: shown after ${Math.round(performance.now() - began)} ms\n`);
      expect(bodyOf(edit)).toContain('no longer reported');
      // What Alertmanager has still, under the same silence, is not over.
      const isOver = (event: LabEvent): boolean => bodyOf(event).includes('resolved: Goes on');
      expect(alice.timeline(room).filter(isOver)).toEqual([]);
    },
    200_000,
  );
});

describe('when it was killed', () => {
  it.concurrent.each(alertmanagerVersions)(
    '[#6] %s: what it repeats after that is not told again; what comes late of what is over is judged by its list',
    async (version) => {
      const alice = lab.person('alice');
      const { alerting, room } = sceneOf(version);
      const { alertmanager } = alerting;
      const known = { labels: warning('Known'), startsAt: new Date().toISOString() };
      await alertmanager.report([known]);
      await alice.waitFor(room, (event) => isNews(event) && bodyOf(event).includes('Known'));
      // A firing and a resolve that were on their way, of what it has not, and of what it has.
      const late = (status: string, fingerprint: string, name: string) =>
        posted({
          ...{ groupKey: `{}:{alertname="${name}"}`, groupLabels: { alertname: name } },
          alerts: [
            postedAlert({
              ...{ status, fingerprint, labels: warning(name) },
              ...(status === 'resolved' ? { endsAt: new Date().toISOString() } : {}),
            }),
          ],
        });
      for (const status of ['firing', 'resolved']) {
        expect(await postTo(alerting, late(status, '00000000000000aa', 'Late'))).toBe(200);
      }
      await alice.waitFor(
        room,
        (event) => event.type === 'm.room.message' && bodyOf(event).includes('Late'),
      );

      const since = alice.mark(room);
      await alertmanager.kill();
      await alertmanager.start();
      expect(await postTo(alerting, late('firing', '00000000000000aa', 'Late'))).toBe(200);
      // It remembers neither the alert nor that it told of it; Prometheus reports it again.
      const marker = { labels: { ...warning('Known'), instance: 'marker' } };
      await alertmanager.report([known, marker]);
      await alice.waitFor(room, (event) => isNews(event) && bodyOf(event).includes('marker'), {
        ...patience,
        since,
      });
      const news = alice.timeline(room).filter(isNews, since).map(bodyOf);
      expect(news).toEqual([expect.stringContaining('1 more alert fires')]);
    },
    240_000,
  );
});

it('[#3] [#7] [#22] [#39] with a slow home server and without one posts are taken at once, and all that was is told when it is back', async () => {
  const alice = lab.person('alice');
  const { alerting, room } = sceneOf('v0.34.0');
  const since = alice.mark(room);
  const labels = { alertname: 'Outage' };
  const post = (nth: number, fields: object): Promise<number> =>
    postTo(
      alerting,
      posted({
        groupKey: '{}:{alertname="Outage"}',
        groupLabels: labels,
        alerts: [
          postedAlert({ labels, fingerprint: nth.toString(16).padStart(16, '0'), ...fields }),
        ],
      }),
    );
  // Slow at first: a hundred posts, of which the room can hear nothing meanwhile.
  const slow = lab.proxy.add({
    ...{ match: messageSends, fault: { action: 'delay', ms: 30_000 } },
  });
  const times: number[] = [];
  for (let turn = 0; turn < 100; turn += 1) {
    const began = performance.now();
    expect(await post((turn % 20) + 1, {})).toBe(200);
    times.push(performance.now() - began);
    // The first have to be told of for the home server to be slow with it.
    if (turn === 20) await until('a slow send', () => (slow.hits > 0 ? true : undefined), patience);
  }
  const p99 = times.sort((a, b) => a - b)[98] ?? Infinity;
  process.stdout.write(`with a slow home server a post takes ${Math.round(p99)} ms (p99)\n`);
  // A third of what the home server takes: none has waited for it. How quick they are: `npm run bench`.
  expect(p99).toBeLessThan(10_000);
  lab.proxy.clear();
  lab.proxy.block();
  for (let nth = 1; nth <= 6; nth += 1) {
    expect(await post(nth, { status: 'resolved', endsAt: '2026-11-22T10:05:00Z' })).toBe(200);
  }
  // Kept, and to be seen from outside that it is.
  const queued = async (): Promise<number> =>
    Number(/^urtc_outbox_queued (\d+)/m.exec(await alerting.bot.page('/metrics'))?.[1]);
  await until('it waits', async () => ((await queued()) > 0 ? true : undefined), {
    ...{ timeoutMs: 60_000, everyMs: 100 },
  });
  const health = await alerting.bot.page('/readyz');
  expect(health).toMatch(
    /"undelivered":\{"messages":[1-9]\d*,"oldestSeconds":\d+,"matrixIsOut":false\}/,
  );
  lab.proxy.unblock();
  // Told once if they came within a second, else by a message and its edits.
  await alice.waitFor(room, (event) => bodyOf(event).includes('14 firing, 6 over'), {
    ...patience,
    since,
  });
  await until('nothing waits', async () => ((await queued()) === 0 ? true : undefined), {
    ...{ timeoutMs: 60_000, everyMs: 100 },
  });
  expect(await alerting.bot.page('/readyz')).toContain('"undelivered":{"messages":0,');
}, 300_000);
