import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAlertingBot, type AlertingBot } from '../../lab/alerts/alerting-bot.ts';
import { bodyOf, relationOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';

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
const isNews = (event: LabEvent): boolean =>
  event.content['msgtype'] === 'm.text' &&
  event.content['io.urtc.alert'] !== undefined &&
  relationOf(event).rel_type !== 'm.replace';

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
