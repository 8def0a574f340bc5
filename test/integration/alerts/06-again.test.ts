import { afterAll, beforeAll, expect, it } from 'vitest';
import { isNews } from '../../lab/alerts/alert-events.ts';
import { postTo, startAlertingBot, type AlertingBot } from '../../lab/alerts/alerting-bot.ts';
import { bodyOf, relationOf } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { until } from '../../lab/wait.ts';
import { posted, postedAlert } from '../../unit/bot/alerts/payloads.ts';

let lab: Lab;
let alerting: AlertingBot;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'alerts-again' });
  alerting = await startAlertingBot(lab);
  room = await lab.enterAdminRoom();
});
afterAll(async () => {
  await alerting.stop();
  await lab.stop();
});

/** A group's interval passes between two posts. */
const patience = { timeoutMs: 60_000 };

it('[#6] firing, resolved and firing again with the same beginning is told; what a killed Alertmanager repeats is not', async () => {
  const alice = lab.person('alice');
  const { alertmanager } = alerting;
  const startsAt = new Date().toISOString();
  const one = { labels: { alertname: 'Lost', severity: 'warning' }, startsAt };

  await alertmanager.report([one]);
  const root = await alice.waitFor(
    room,
    (event) => isNews(event) && bodyOf(event).includes('Lost'),
  );
  await alertmanager.report([{ ...one, endsAt: new Date().toISOString() }]);
  await alice.waitFor(
    room,
    (event) => event.content['msgtype'] === 'm.notice' && bodyOf(event).includes('all over'),
    patience,
  );
  await alertmanager.report([one]);
  const again = await alice.waitFor(
    room,
    (event) => isNews(event) && bodyOf(event).includes('fires again'),
    patience,
  );
  expect(relationOf(again).event_id).toBe(root.event_id);

  const since = alice.mark(room);
  await alertmanager.kill();
  await alertmanager.start();
  // It remembers neither the alert nor that it told of it; Prometheus reports it again.
  await alertmanager.report([one]);
  const marker = { labels: { alertname: 'Lost', severity: 'warning', instance: 'marker' } };
  await alertmanager.report([one, marker]);
  await alice.waitFor(room, (event) => isNews(event) && bodyOf(event).includes('marker'), {
    ...patience,
    since,
  });
  const news = alice.timeline(room).filter(isNews, since);
  expect(news).toHaveLength(1);
  expect(bodyOf(news[0] ?? root)).toContain('1 more alert fires');
}, 240_000);

it('[#3] [#7] [#22] [#39] without a home server posts are taken at once, and all that was is told when it is back', async () => {
  const alice = lab.person('alice');
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
  lab.proxy.block();
  const began = performance.now();
  for (let nth = 1; nth <= 20; nth += 1) expect(await post(nth, {})).toBe(200);
  for (let nth = 1; nth <= 6; nth += 1) {
    expect(await post(nth, { status: 'resolved', endsAt: '2026-11-22T10:05:00Z' })).toBe(200);
  }
  const meanMs = (performance.now() - began) / 26;
  process.stdout.write(`without a home server a post takes ${Math.round(meanMs)} ms\n`);
  expect(meanMs).toBeLessThan(1000);
  // Kept, and to be seen from outside that it is.
  const queued = async (): Promise<number> =>
    Number(/^urtc_outbox_queued (\d+)/m.exec(await alerting.bot.page('/metrics'))?.[1]);
  await until('it waits', async () => ((await queued()) > 0 ? true : undefined), {
    ...{ timeoutMs: 20_000, everyMs: 100 },
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
}, 120_000);
