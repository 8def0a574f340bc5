import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { AlertmanagerApi } from '../../../src/platform/alertmanager/alertmanager-api.ts';
import { isNews } from '../../lab/alerts/alert-events.ts';
import { Alertmanager, type AlertmanagerOptions } from '../../lab/alerts/alertmanager.ts';
import { alertmanagerVersions } from '../../lab/alerts/alertmanager-program.ts';
import { startAlertingBot, type AlertingBot } from '../../lab/alerts/alerting-bot.ts';
import { selfSigned } from '../../lab/alerts/self-signed.ts';
import { bodyOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { until } from '../../lab/wait.ts';

let lab: Lab;
let alerting: AlertingBot;
let room: string;
/** The second one: Debian's. */
let older: Alertmanager;

/** Both Alertmanagers show the same certificate, as two replicas do. */
const [own, sender] = [selfSigned(), selfSigned('DNS:alertmanager')];

const another = (name: string, options: Partial<AlertmanagerOptions>): Promise<Alertmanager> =>
  Alertmanager.start({
    ...{ folder: join(lab.folder, name), webhook: alerting.webhook, token: alerting.token },
    ...{ tls: { trusted: own.cert, own: sender }, ...options },
  });

beforeAll(async () => {
  lab = await startLab({ name: 'alerts-versions' });
  alerting = await startAlertingBot(lab, { tls: { own, sender } });
  older = await another('older', { version: 'v0.25.0' });
  room = await lab.enterAdminRoom();
});
afterAll(async () => {
  await older.kill();
  await alerting.stop();
  await lab.stop();
});

const patience = { timeoutMs: 60_000 };
/** Before either of them was started. */
const begunAt = Date.now();
const figure = async (name: string): Promise<number> => {
  const page = await alerting.bot.page('/metrics');
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(page)?.[1]);
};
const webhookOnly = 'integration="webhook"';

it('[#5] [#7] [#19] both versions: what they could not post is told when the bot is back, and a slow home server costs no second attempt', async () => {
  const alice = lab.person('alice');
  const both = { newer: alerting.alertmanager, older };
  await alerting.bot.kill9();
  for (const [name, alertmanager] of Object.entries(both)) {
    await alertmanager.report([{ labels: { alertname: `Down ${name}`, severity: 'warning' } }]);
  }
  for (const alertmanager of Object.values(both)) {
    const failed = () =>
      alertmanager.counter('alertmanager_notification_requests_failed_total', webhookOnly);
    await until('attempts', async () => ((await failed()) >= 2 ? true : undefined), patience);
  }
  await alerting.restart();
  for (const name of Object.keys(both)) {
    const isIt = (event: LabEvent) => isNews(event) && bodyOf(event).includes(`Down ${name}`);
    await alice.waitFor(room, isIt, patience);
  }

  lab.proxy.add({ match: { path: /\/send\// }, fault: { action: 'delay', ms: 30_000 } });
  const counts = async (alertmanager: Alertmanager) => ({
    asked: await alertmanager.counter('alertmanager_notification_requests_total', webhookOnly),
    told: await alertmanager.counter('alertmanager_notifications_total', webhookOnly),
  });
  for (const [name, alertmanager] of Object.entries(both)) {
    const before = await counts(alertmanager);
    const began = performance.now();
    await alertmanager.report([{ labels: { alertname: `Slow ${name}`, severity: 'warning' } }]);
    const after = await until(
      'a notification',
      async () => {
        const now = await counts(alertmanager);
        return now.told > before.told && now.asked > before.asked ? now : undefined;
      },
      { ...patience, everyMs: 50 },
    );
    // The group waits for a second by itself.
    process.stdout.write(`${name}: told after ${Math.round(performance.now() - began)} ms\n`);
    expect(after).toEqual({ asked: before.asked + 1, told: before.told + 1 });
    const page = 'alertmanager_notification_latency_seconds_bucket';
    // A third of what the home server takes: none has waited for it.
    const quick = await alertmanager.counter(page, webhookOnly.concat(',le="10"'));
    const all = await alertmanager.counter(page, webhookOnly.concat(',le="+Inf"'));
    expect(all).toBeGreaterThan(0);
    expect(quick).toBe(all);
  }
  lab.proxy.clear();
  lab.proxy.cut();
  for (const name of Object.keys(both)) {
    const isIt = (event: LabEvent) => isNews(event) && bodyOf(event).includes(`Slow ${name}`);
    await alice.waitFor(room, isIt, patience);
    expect(alice.timeline(room).filter(isIt)).toHaveLength(1);
  }
}, 400_000);

it('[#6] two replicas are told of the same alert: one message; the one that the bot asks is killed, and comes back having forgotten: no second one', async () => {
  const alice = lab.person('alice');
  const since = alice.mark(room);
  const { alertmanager: newer } = alerting;
  const twin = {
    labels: { alertname: 'Twin', severity: 'warning', instance: 'a' },
    startsAt: new Date().toISOString(),
  };
  const replicas = [newer, older];
  const accepted = () => figure('urtc_alert_posts_accepted_total');
  const posts = (atLeast: number): Promise<true> =>
    until(
      `${atLeast} posts`,
      async () => ((await accepted()) >= atLeast ? true : undefined),
      patience,
    );
  const before = await accepted();
  await Promise.all(replicas.map((replica) => replica.report([twin])));
  await posts(before + 2);
  const news = () =>
    alice
      .timeline(room)
      .filter((event) => isNews(event) && bodyOf(event).includes('Twin'), since)
      .map(bodyOf);
  const withMarker = async (instance: string, replica: Alertmanager): Promise<void> => {
    const marker = { labels: { ...twin.labels, instance } };
    await replica.report([twin, marker]);
    const isIt = (event: LabEvent) => isNews(event) && bodyOf(event).includes(instance);
    await alice.waitFor(room, isIt, { ...patience, since });
  };
  await newer.kill();
  await withMarker('left-alone', older);
  await newer.start();
  await withMarker('back-again', newer);
  const [first = '', ...others] = news();
  expect(first).toContain('1 firing');
  expect(others).toHaveLength(2);
  for (const other of others) {
    expect(other).toContain('1 more alert fires');
    expect(other).not.toContain('instance=a');
  }
}, 240_000);

it('[#12] both versions post over TLS with a certificate, as the bot asks; another Alertmanager with the right bearer and a wrong certificate gets nothing in, and is counted', async () => {
  const alice = lab.person('alice');
  const since = alice.mark(room);
  const refused = async (): Promise<number> =>
    Number(/^urtc_alert_posts_refused_total (\d+)/m.exec(await alerting.bot.page('/metrics'))?.[1]);
  const before = await refused();
  const trusted = own.cert;
  const stranger = await another('stranger', { tls: { trusted, own: selfSigned('DNS:other') } });
  await stranger.report([{ labels: { alertname: 'Stranger', severity: 'critical' } }]);
  await until('a refusal', async () => ((await refused()) > before ? true : undefined), patience);
  const name = 'alertmanager_notification_requests_failed_total';
  // It counts its own side of it by itself.
  const hasFailed = async () =>
    (await stranger.counter(name, webhookOnly)) > 0 ? true : undefined;
  await until('its failure', hasFailed, patience);
  await stranger.kill();
  // What comes after it, in a group that the room has already: one more would be a storm.
  const next = { labels: { alertname: 'Twin', severity: 'warning', instance: 'after-it' } };
  await older.report([next]);
  await alice.waitFor(room, (event) => isNews(event) && bodyOf(event).includes('after-it'), {
    ...patience,
    since,
  });
  const told = alice.timeline(room).filter((event) => bodyOf(event).includes('Stranger'), since);
  expect(told).toEqual([]);
}, 240_000);

it('[#13] both versions: silences are made, found, prolonged and ended, and what they refuse is said', async () => {
  const addresses = [alerting.alertmanager.url, older.url];
  expect(addresses).toHaveLength(alertmanagerVersions.length);
  for (const url of addresses) {
    const api = new AlertmanagerApi(url);
    const startsAt = Date.now();
    const wanted = {
      matchers: [
        { name: 'job', value: 'web.*|"x"', isRegex: true, isEqual: false },
        { name: 'severity', value: 'warning', isRegex: false, isEqual: true },
      ],
      ...{ startsAt, endsAt: startsAt + 3_600_000, createdBy: '@anna:example.org' },
      comment: 'a new disk',
    };
    const id = await api.putSilence(wanted);
    const [made] = await api.silences();
    // Alertmanager begins it when it hears of it.
    const begun = made?.startsAt ?? 0;
    expect(made).toMatchObject({ ...wanted, id, state: 'active', startsAt: begun });
    expect(begun - startsAt).toBeLessThan(10_000);
    expect(await api.putSilence({ ...wanted, id, endsAt: startsAt + 7_200_000 })).toBe(id);
    expect((await api.silences())[0]?.endsAt).toBe(startsAt + 7_200_000);
    await api.expire(id);
    await api.expire(id);
    expect((await api.silences())[0]?.state).toBe('expired');

    const all = await api.fingerprints();
    const fitting = await api.fingerprints(undefined, [
      { name: 'instance', value: 'a|b', isRegex: true, isEqual: true },
    ]);
    expect(fitting.size).toBe(1);
    expect(all.size).toBeGreaterThan(fitting.size);
    const started = await api.startedAt();
    expect(started).toBeGreaterThan(begunAt - 1000);
    expect(started).toBeLessThan(Date.now() + 1000);

    const refusals = [
      api.putSilence({ ...wanted, matchers: [] }),
      api.putSilence({
        ...wanted,
        matchers: [{ name: 'job', value: '.*', isRegex: true, isEqual: true }],
      }),
      api.putSilence({ ...wanted, endsAt: startsAt - 3_600_000 }),
    ];
    for (const refusal of await Promise.allSettled(refusals)) {
      if (refusal.status !== 'rejected') throw new Error('it was not refused');
      const error: unknown = refusal.reason;
      expect(error instanceof AppError ? error.code : error).toBe('E_ALERTMANAGER_REFUSED');
    }

    // Each version says in its own way that it has none; people are told the same.
    const nobodys = '11111111-2222-4333-8444-555555555555';
    const unknown = { code: 'E_SILENCE_UNKNOWN', params: { silence: nobodys } };
    await expect(api.expire(nobodys)).rejects.toMatchObject(unknown);
    await expect(api.putSilence({ ...wanted, id: nobodys })).rejects.toMatchObject(unknown);
  }
}, 120_000);
