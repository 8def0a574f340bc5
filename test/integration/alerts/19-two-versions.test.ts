import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { AlertmanagerApi } from '../../../src/platform/alertmanager/alertmanager-api.ts';
import { isNews } from '../../lab/alerts/alert-events.ts';
import { Alertmanager } from '../../lab/alerts/alertmanager.ts';
import { alertmanagerVersions } from '../../lab/alerts/alertmanager-program.ts';
import { startAlertingBot, type AlertingBot } from '../../lab/alerts/alerting-bot.ts';
import { bodyOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { until } from '../../lab/wait.ts';

let lab: Lab;
let alerting: AlertingBot;
let room: string;
/** The second one: Debian's. */
let older: Alertmanager;

beforeAll(async () => {
  lab = await startLab({ name: 'alerts-versions' });
  alerting = await startAlertingBot(lab);
  const { webhook, token } = alerting;
  const folder = join(lab.folder, 'older');
  older = await Alertmanager.start({ folder, webhook, token, version: 'v0.25.0' });
  room = await lab.enterAdminRoom();
});
afterAll(async () => {
  await older.kill();
  await alerting.stop();
  await lab.stop();
});

const patience = { timeoutMs: 60_000 };
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
      { timeoutMs: 20_000, everyMs: 50 },
    );
    // The group waits for a second by itself.
    process.stdout.write(`${name}: told after ${Math.round(performance.now() - began)} ms\n`);
    expect(after).toEqual({ asked: before.asked + 1, told: before.told + 1 });
    const page = 'alertmanager_notification_latency_seconds_bucket';
    const slow = await alertmanager.counter(page, webhookOnly.concat(',le="1"'));
    const all = await alertmanager.counter(page, webhookOnly.concat(',le="+Inf"'));
    expect(slow).toBe(all);
  }
  lab.proxy.clear();
  lab.proxy.cut();
  for (const name of Object.keys(both)) {
    const isIt = (event: LabEvent) => isNews(event) && bodyOf(event).includes(`Slow ${name}`);
    await alice.waitFor(room, isIt, patience);
    expect(alice.timeline(room).filter(isIt)).toHaveLength(1);
  }
}, 180_000);

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
      { name: 'alertname', value: 'Slow .*', isRegex: true, isEqual: true },
    ]);
    expect(fitting.size).toBe(1);
    expect(all.size).toBeGreaterThan(fitting.size);
    expect(Math.abs(Date.now() - (await api.startedAt()))).toBeLessThan(180_000);

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
}, 60_000);
