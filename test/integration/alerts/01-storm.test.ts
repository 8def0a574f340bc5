import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAlertingBot, type AlertingBot } from '../../lab/alerts/alerting-bot.ts';
import { Alertmanager, type ReportedAlert } from '../../lab/alerts/alertmanager.ts';
import { soakCount } from '../../lab/count.ts';
import { bodyOf, editedContent, relationOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { until } from '../../lab/wait.ts';

let lab: Lab;
let alerting: AlertingBot;
let room: string;
/** The second one: Debian's. */
let older: Alertmanager;

/** Each instance is a group. A group's next word comes after two seconds. */
const manners = {
  groupBy: ['alertname', 'instance'],
  intervals: { group: '2s', repeat: '1h' },
} as const;

beforeAll(async () => {
  lab = await startLab({ name: 'alerts-storm' });
  alerting = await startAlertingBot(lab, manners);
  const { webhook, token } = alerting;
  const folder = join(lab.folder, 'older');
  older = await Alertmanager.start({ ...manners, folder, webhook, token, version: 'v0.25.0' });
  room = await lab.enterAdminRoom();
});
afterAll(async () => {
  await older.kill();
  await alerting.stop();
  await lab.stop();
});

const patience = { timeoutMs: 60_000, everyMs: 20 };

const stormOf = (name: string, count: number): readonly ReportedAlert[] => {
  const startsAt = new Date().toISOString();
  return Array.from({ length: count }, (_, nth) => ({
    labels: { alertname: name, severity: 'warning', instance: `node-${nth}` },
    startsAt,
  }));
};

/** As Prometheus does: at most 64 in one request, and all of them one after the other. */
const report = async (
  alertmanager: Alertmanager,
  alerts: readonly ReportedAlert[],
): Promise<void> => {
  for (let from = 0; from < alerts.length; from += 64) {
    await alertmanager.report(alerts.slice(from, from + 64));
  }
};

const figure = async (name: string): Promise<number> => {
  const page = await alerting.bot.page('/metrics');
  return Number(
    page
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1],
  );
};

const accepted = (): Promise<number> => figure('urtc_alert_posts_accepted_total');

const acceptedAtLeast = (count: number): Promise<number> =>
  until(
    `${count} posts accepted`,
    async () => {
      const now = await accepted();
      return now >= count ? now : undefined;
    },
    patience,
  );

/** All that was accepted is told, and has come to the person: nothing waits in the bot. */
const allTold = async (): Promise<void> => {
  await until(
    'nothing waits',
    async () => {
      const waits = [await figure('urtc_alert_posts_waiting'), await figure('urtc_outbox_queued')];
      return waits.every((count) => count === 0) ? true : undefined;
    },
    patience,
  );
  await lab.person('alice').ask(room, '!version');
};

/** The digest as it stands in the room now. */
const shows =
  (text: string) =>
  (event: LabEvent): boolean =>
    bodyOf(event).includes(text);

const isOfAlerts = (event: LabEvent): boolean =>
  event.content['io.urtc.alert'] !== undefined || editedContent(event)?.['io.urtc.notice'] === true;

it('soak: [#1] [#6] [#21] a storm from two real Alertmanagers: at most five events, all of it in one digest, which their ends edit; killed in the middle of a second one, and again when all was told, one of them repeats itself and the room hears nothing twice', async () => {
  const alice = lab.person('alice');
  const { alertmanager } = alerting;
  const count = soakCount(500, 'groups in a storm from Alertmanager 0.34');
  const fewer = Math.ceil(count / 10);
  const ofFeed = (from: number): readonly LabEvent[] =>
    alice.timeline(room).filter(isOfAlerts, from);
  const shown = (text: string, since: number) =>
    alice.waitFor(room, shows(text), { since, timeoutMs: 130_000 });
  const restart = async (alerts: readonly ReportedAlert[]): Promise<void> => {
    await alertmanager.kill();
    await alertmanager.start();
    // It remembers neither the alerts nor which it told of; Prometheus reports them again.
    await report(alertmanager, alerts);
  };
  const storm = stormOf('Storm', count);
  const debian = stormOf('Debian', fewer);
  const first = count + fewer;
  const since = alice.mark(room);
  const before = await accepted();
  const began = performance.now();
  await Promise.all([report(alertmanager, storm), report(older, debian)]);
  const digest = await shown(`${first} firing in ${first} groups`, since);
  const toldMs = performance.now() - began;
  await acceptedAtLeast(before + first);
  await allTold();
  const told = ofFeed(since);
  process.stdout.write(
    `${first} groups told after ${Math.round(toldMs)} ms in ${told.length} events\n`,
  );
  expect(told.length).toBeLessThanOrEqual(5);
  expect(await figure('urtc_alerts_firing')).toBe(first);
  const rootId = relationOf(digest).event_id ?? digest.event_id;
  /** A message of its own, or an edit of another one than the digest. */
  const isElsewhere = (event: LabEvent): boolean =>
    event.event_id !== rootId &&
    (relationOf(event).rel_type !== 'm.replace' || relationOf(event).event_id !== rootId);
  expect(told.filter(isElsewhere)).toEqual([]);

  // It posts everything again, and the room hears nothing.
  const quiet = alice.mark(room);
  const calm = await accepted();
  await restart(storm);
  await acceptedAtLeast(calm + count);
  await allTold();
  expect(ofFeed(quiet)).toEqual([]);

  // Killed with the posts of more groups on their way.
  const more = stormOf('More', count / 2);
  const all = first + more.length;
  const beforeMore = await accepted();
  await report(alertmanager, more);
  const atKill = (await acceptedAtLeast(beforeMore + 1)) - beforeMore;
  await restart([...storm, ...more]);
  await shown(`${all} firing in ${all} groups`, quiet);
  await acceptedAtLeast(beforeMore + 1 + count + more.length);
  await allTold();
  expect(await figure('urtc_alerts_firing')).toBe(all);
  const posts = (await accepted()) - beforeMore;
  process.stdout.write(`${posts} posts about ${more.length} new groups, ${atKill} at the kill\n`);

  // All but those end; then those, while it is killed: what it forgets, the bot finds out.
  const ended = (alerts: readonly ReportedAlert[]): readonly ReportedAlert[] =>
    alerts.map((alert) => ({ ...alert, endsAt: new Date().toISOString() }));
  await Promise.all([report(alertmanager, ended(storm)), report(older, ended(debian))]);
  await shown(`${more.length} firing in ${more.length} groups`, quiet);
  const beforeEnd = await accepted();
  await report(alertmanager, ended(more));
  await acceptedAtLeast(beforeEnd + 1);
  await restart(ended(more));
  expect(bodyOf(await shown('all over', quiet))).toContain(`${all} alerts are over`);
  expect(await figure('urtc_alerts_firing')).toBe(0);
  await allTold();
  // Ends ring nobody, and neither does what joins: all of it are edits of the digest.
  expect(ofFeed(quiet).filter(isElsewhere)).toEqual([]);
}, 400_000);
