import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAlertingBot, type AlertingBot } from '../../lab/alerts/alerting-bot.ts';
import { bodyOf, relationOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';

let lab: Lab;
let alerting: AlertingBot;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'alerts-group' });
  alerting = await startAlertingBot(lab);
  room = await lab.enterAdminRoom();
});
afterAll(async () => {
  await alerting.stop();
  await lab.stop();
});

const isEdit = (event: LabEvent): boolean => relationOf(event).rel_type === 'm.replace';
const isText = (event: LabEvent): boolean => event.content['msgtype'] === 'm.text';
const mentions = (event: LabEvent) => event.content['m.mentions'];

it('one group: a message that rings, the next alert in its thread, edits for the rest, a short word at the end', async () => {
  const alice = lab.person('alice');
  const { alertmanager } = alerting;
  const labels = { alertname: 'DiskFull', severity: 'critical' };
  const one = {
    labels: { ...labels, instance: 'a' },
    annotations: { summary: '<b>full</b> @room [x](javascript:1)' },
  };
  const two = { labels: { ...labels, instance: 'b' } };

  await alertmanager.report([one]);
  const root = await alice.waitFor(room, (event) => bodyOf(event).includes('DiskFull'));
  expect(isText(root)).toBe(true);
  expect(mentions(root)).toEqual({ user_ids: [alice.userId] });
  expect(root.content['formatted_body']).toContain('&lt;b&gt;full&lt;/b&gt;');
  if (lab.isEncrypted) expect(root.encryption?.verdict).toBe('trusted');

  await alertmanager.report([one, two]);
  const isInThread = (event: LabEvent): boolean =>
    relationOf(event).rel_type === 'm.thread' && relationOf(event).event_id === root.event_id;
  const next = await alice.waitFor(room, (event) => isInThread(event) && isText(event), {
    timeoutMs: 40_000,
  });
  expect(bodyOf(next)).toContain('instance=b');
  expect(bodyOf(next)).not.toContain('instance=a');
  expect(mentions(next)).toEqual({});
  await alice.waitFor(room, (event) => isEdit(event) && bodyOf(event).includes('2 firing'), {
    timeoutMs: 60_000,
  });

  const endsAt = new Date().toISOString();
  await alertmanager.report([
    { ...one, endsAt },
    { ...two, endsAt },
  ]);
  const over = await alice.waitFor(
    room,
    (event) => isInThread(event) && event.content['msgtype'] === 'm.notice',
    { timeoutMs: 40_000 },
  );
  expect(bodyOf(over)).toContain('all over');
  const last = await alice.waitFor(
    room,
    (event) => isEdit(event) && bodyOf(event).includes('resolved: DiskFull'),
    { timeoutMs: 60_000 },
  );
  expect(relationOf(last).event_id).toBe(root.event_id);
  expect(mentions(last)).toEqual({});
}, 180_000);
