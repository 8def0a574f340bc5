import { afterAll, beforeAll, expect, it } from 'vitest';
import { isNews } from '../../lab/alerts/alert-events.ts';
import { postTo, startAlertingBot, type AlertingBot } from '../../lab/alerts/alerting-bot.ts';
import { bodyOf, relationOf, type LabEvent } from '../../lab/event.ts';
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
  const [silence] = await alertmanager.silences();
  expect(silence).toMatchObject({ comment: 'new disk', createdBy: alice.userId });
  const lasts = Date.parse(String(silence?.['endsAt'])) - Date.now();
  expect(Math.abs(lasts - 36 * 3_600_000)).toBeLessThan(60_000);
  const id = silence?.id ?? '';
  expect((await alice.ask(room, '!silence list')).body).toContain('new disk');
  expect((await alice.ask(room, `!silence extend ${id.slice(0, 8)} 1h`)).outcome).toBe('ok');
  const [longer] = await alertmanager.silences();
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
  await alice.waitFor(room, (event) => bodyOf(event).includes('500 firing in 500 groups'), {
    since,
    timeoutMs: 60_000,
  });
  const events = alice
    .timeline(room)
    .filter((event) => event.content['io.urtc.notice'] === true, since);
  process.stdout.write(`500 posts, p99 ${Math.round(p99)} ms, ${events.length} events\n`);
  expect(events.length).toBeLessThanOrEqual(5);
}, 120_000);
