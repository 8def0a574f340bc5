import { afterAll, beforeAll, expect, it } from 'vitest';
import { isNews } from '../../lab/alerts/alert-events.ts';
import { postTo, startAlertingBot, type AlertingBot } from '../../lab/alerts/alerting-bot.ts';
import { bodyOf, editedContent, relationOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { posted, postedAlert } from '../../unit/bot/alerts/payloads.ts';

let lab: Lab;
let alerting: AlertingBot;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'alerts-commands', people: ['alice', 'vera'] });
  alerting = await startAlertingBot(lab);
  room = await lab.enterAdminRoom();
});
afterAll(async () => {
  await alerting.stop();
  await lab.stop();
});

/** Edits wait while the home server lets little through. */
const patience = { timeoutMs: 60_000 };
const isEdit = (event: LabEvent): boolean => relationOf(event).rel_type === 'm.replace';
const groupIn = (text: string): string => /\bg[0-9a-f]{10}\b/.exec(text)?.[0] ?? 'none';

/** Where the room was when a silence of a minute began, the shortest there is: a later test waits for its end. */
let muted = 0;

it('[#13] what fires under a silence is not told; a silence by fingerprint covers that alert and no other of its group', async () => {
  const alice = lab.person('alice');
  const { alertmanager } = alerting;
  const made = await alice.ask(room, '!silence add 1m short alertname=Muted');
  // Nothing that it covers yet.
  expect(made.outcome).toBe('warning');
  muted = alice.mark(room);
  const labels = { alertname: 'Pair', severity: 'warning' };
  const one = { labels: { ...labels, instance: 'one' } };
  const two = { labels: { ...labels, instance: 'two' } };
  // No warning: a test below silences those for longer.
  const other = { labels: { alertname: 'Muted', severity: 'info' } };
  await alertmanager.report([other, one, two]);
  const first = await alice.waitFor(room, isNews, { since: muted });
  expect(bodyOf(first)).toContain('Pair');
  expect(await alertmanager.stateOf('Muted')).toBe('suppressed');

  const fingerprint = await alertmanager.fingerprintOf('one');
  const ofOne = await alice.ask(room, `!silence add 1h "of one" ${fingerprint}`);
  expect(ofOne).toMatchObject({ outcome: 'ok' });
  expect(ofOne.body).toContain('1 alert that');
  const silence = (await alertmanager.silences()).find(({ comment }) => comment === 'of one');
  expect(silence?.['matchers']).toEqual(
    expect.arrayContaining(
      Object.entries(one.labels).map(([name, value]) => ({
        ...{ name, value, isRegex: false, isEqual: true },
      })),
    ),
  );
  const states = [await alertmanager.stateOf('one'), await alertmanager.stateOf('two')];
  expect(states).toEqual(['suppressed', 'active']);
}, 120_000);

it('[#13] list, show, ack, and silences that Alertmanager has with who, why and until when', async () => {
  const alice = lab.person('alice');
  const { alertmanager } = alerting;
  await alertmanager.report([
    {
      labels: { alertname: 'NodeDown', severity: 'warning', job: 'node' },
      annotations: { summary: 'does not answer' },
    },
  ]);
  const root = await alice.waitFor(room, (event) => bodyOf(event).includes('NodeDown'));
  const group = groupIn(bodyOf(root));

  expect((await alice.ask(room, '!alert list')).body).toContain(group);
  expect((await alice.ask(room, `!alert show ${group}`)).body).toContain('firing');
  expect((await alice.ask(room, `!alert ack ${group} "on my way"`)).outcome).toBe('ok');
  await alice.waitFor(
    room,
    (event) => isEdit(event) && bodyOf(event).includes('on my way'),
    patience,
  );

  const made = await alice.ask(room, `!silence add 1d12h "new disk" ${group}`);
  expect(made.outcome).toBe('ok');
  const ofDisk = async () =>
    (await alertmanager.silences()).find(({ comment }) => comment === 'new disk');
  const silence = await ofDisk();
  expect(silence?.createdBy).toBe(alice.userId);
  const lasts = Date.parse(String(silence?.['endsAt'])) - Date.now();
  expect(Math.abs(lasts - 36 * 3_600_000)).toBeLessThan(60_000);
  const id = silence?.id ?? '';
  expect((await alice.ask(room, '!silence list')).body).toContain('new disk');
  expect((await alice.ask(room, `!silence extend ${id.slice(0, 8)} 1h`)).outcome).toBe('ok');
  const longer = await ofDisk();
  expect(longer?.id).toBe(id);
  expect(Date.parse(String(longer?.['endsAt'])) - Date.parse(String(silence?.['endsAt']))).toBe(
    3_600_000,
  );
  expect((await alice.ask(room, `!silence expire ${id}`)).outcome).toBe('ok');
  expect((await alice.ask(room, '!silence list')).body).not.toContain('new disk');
  const absent = [`expire ${id}`, `extend ${id} 1h`, 'expire ffffffff', 'show ffffffff'];
  for (const wrong of [...absent, 'expire what', 'show 1234']) {
    const refused = await alice.ask(room, `!silence ${wrong}`);
    expect(refused).toMatchObject({ outcome: 'failed' });
    expect(refused.body).toContain('!silence list');
  }

  const wide = await alice.ask(room, '!silence add 10m test job!~web.* severity=warning');
  expect(wide.outcome).toBe('ok');
  const all = await alertmanager.silences();
  expect(all.find(({ comment }) => comment === 'test')?.['matchers']).toEqual([
    { name: 'job', value: 'web.*', isRegex: true, isEqual: false },
    { name: 'severity', value: 'warning', isRegex: false, isEqual: true },
  ]);
  for (const wrong of ['0m test job=a', '2y test job=a', '1h test nothing', '1h "" job=a']) {
    expect((await alice.ask(room, `!silence add ${wrong}`)).outcome).toBe('failed');
  }
  expect((await alice.ask(room, '!silence add 1h test job=~.*')).outcome).toBe('failed');
}, 180_000);

it('[#6] ten replays in any order of what is over reopen nothing, as Alertmanager has it not any more', async () => {
  const alice = lab.person('alice');
  const labels = { alertname: 'Replayed' };
  const alert = (fields: object) =>
    posted({
      groupKey: '{}:{alertname="Replayed"}',
      groupLabels: labels,
      alerts: [postedAlert({ labels, fingerprint: '00000000000000ee', ...fields })],
    });
  const firing = alert({});
  const resolved = alert({ status: 'resolved', endsAt: '2026-11-22T10:05:00Z' });
  expect(await postTo(alerting, firing)).toBe(200);
  await alice.waitFor(room, (event) => isNews(event) && bodyOf(event).includes('Replayed'));
  for (let turn = 0; turn < 10; turn += 1) {
    await postTo(alerting, turn % 3 === 0 ? resolved : firing);
    await postTo(alerting, turn % 2 === 0 ? firing : resolved);
  }
  await alice.waitFor(
    room,
    (event) => isEdit(event) && bodyOf(event).includes('resolved: Replayed'),
    patience,
  );
  // What comes after all of them shows that all of them were taken in.
  const after = { alertname: 'AfterReplays' };
  await postTo(
    alerting,
    posted({
      groupKey: '{}:{alertname="AfterReplays"}',
      groupLabels: after,
      alerts: [postedAlert({ labels: after, fingerprint: '00000000000000ef' })],
    }),
  );
  await alice.waitFor(room, (event) => isNews(event) && bodyOf(event).includes('AfterReplays'));
  const told = alice
    .timeline(room)
    .filter((event) => isNews(event) && bodyOf(event).includes('Replayed'));
  expect(told).toHaveLength(1);
}, 120_000);

it('[#13] a short silence ends by itself, and what fired under it is told', async () => {
  const isIt = (event: LabEvent): boolean => isNews(event) && bodyOf(event).includes('Muted');
  const told = await lab.person('alice').waitFor(room, isIt, { since: muted, timeoutMs: 120_000 });
  const all = await alerting.alertmanager.silences();
  const ended = Date.parse(String(all.find(({ comment }) => comment === 'short')?.['endsAt']));
  expect(told.origin_server_ts).toBeGreaterThan(ended);
}, 130_000);

it('[#21] 500 alerts in ten webhooks: at most five events; their ends edit the same message and make no other', async () => {
  const alice = lab.person('alice');
  const since = alice.mark(room);
  const post = (group: number, fields: object): Promise<number> => {
    const labels = { alertname: `Fifty${group}`, severity: 'warning' };
    const alerts = Array.from({ length: 50 }, (_, nth) =>
      postedAlert({
        labels: { ...labels, instance: `i${nth}` },
        fingerprint: (group * 50 + nth + 65_536).toString(16).padStart(16, '0'),
        ...fields,
      }),
    );
    const groupKey = `{}:{alertname="Fifty${group}"}`;
    return postTo(alerting, posted({ groupKey, groupLabels: labels, alerts }));
  };
  const all = (fields: object): Promise<number[]> =>
    Promise.all(Array.from({ length: 10 }, (_, group) => post(group, fields)));
  const isOfAlerts = (event: LabEvent): boolean =>
    event.content['io.urtc.alert'] !== undefined ||
    editedContent(event)?.['io.urtc.notice'] === true;
  const counts = (pattern: RegExp) => (event: LabEvent) =>
    Number(pattern.exec(bodyOf(event))?.[1]) >= 500;
  expect(new Set(await all({}))).toEqual(new Set([200]));
  const shown = await alice.waitFor(room, counts(/(\d+) firing in \d+ groups/), {
    ...{ since, ...patience },
  });
  const events = alice.timeline(room).filter(isOfAlerts, since);
  expect(events.length).toBeLessThanOrEqual(5);
  const digest = relationOf(shown).event_id ?? shown.event_id;

  const quiet = alice.mark(room);
  const ended = { status: 'resolved', endsAt: new Date().toISOString() };
  expect(new Set(await all(ended))).toEqual(new Set([200]));
  await alice.waitFor(room, counts(/(\d+) alerts are over/), { since: quiet, ...patience });
  const ends = alice.timeline(room).filter(isOfAlerts, quiet);
  const elsewhere = ends.filter((event) => relationOf(event).event_id !== digest);
  expect(elsewhere.map(bodyOf)).toEqual([]);
}, 120_000);

it('[#1] [#21] a storm of 500 groups: all accepted, at most five events', async () => {
  const alice = lab.person('alice');
  const since = alice.mark(room);
  const times: number[] = [];
  const storm = Array.from({ length: 500 }, async (_, nth) => {
    const labels = { alertname: `Storm${nth}`, severity: 'warning' };
    const began = performance.now();
    const status = await postTo(
      alerting,
      posted({
        groupKey: `{}:{alertname="Storm${nth}"}`,
        groupLabels: labels,
        alerts: [postedAlert({ labels, fingerprint: (nth + 4096).toString(16).padStart(16, '0') })],
      }),
    );
    times.push(performance.now() - began);
    return status;
  });
  expect(new Set(await Promise.all(storm))).toEqual(new Set([200]));
  const p99 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
  // The digest may own a few groups from before.
  const isAll = (event: LabEvent): boolean =>
    Number(/(\d+) firing in \d+ groups/.exec(bodyOf(event))?.[1]) >= 500;
  await alice.waitFor(room, isAll, { since, timeoutMs: 60_000 });
  const events = alice
    .timeline(room)
    .filter((event) => event.content['io.urtc.notice'] === true, since);
  process.stdout.write(`500 posts, p99 ${Math.round(p99)} ms, ${events.length} events\n`);
  expect(events.length).toBeLessThanOrEqual(5);
}, 120_000);

it('the metrics count what the tests above have done', async () => {
  const page = await alerting.bot.page('/metrics');
  const figure = (name: string): number =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(page)?.[1]);
  // Made: for a minute, for an alert, for a group, for conditions; changed: made longer.
  expect(figure('urtc_silences_made_total')).toBe(5);
  expect(figure('urtc_outbox_edits_total')).toBeGreaterThan(0);
  expect(figure('urtc_outbox_sent_total')).toBeGreaterThan(figure('urtc_outbox_edits_total'));
  expect(figure('urtc_outbox_failed_total')).toBe(0);
  expect(figure('urtc_alert_posts_accepted_total')).toBeGreaterThan(510);
  expect(figure('urtc_alert_posts_refused_total')).toBe(0);
  expect(figure('urtc_alert_posts_deferred_total')).toBe(0);
  expect(figure('urtc_alerts_firing')).toBeGreaterThanOrEqual(500);
});
