import { expect, it } from 'vitest';
import type { ActiveGroup } from '../../../../src/platform/alertmanager/alertmanager-api.ts';
import { alert, bodyOf, FeedFixture, kindOf, told } from './feed-fixture.ts';

const active = (
  name: string,
  fields: Partial<ActiveGroup['alerts'][number]> = {},
): ActiveGroup => ({
  ...{ labels: { alertname: name }, receiver: { name: 'urtc' } },
  alerts: [
    {
      ...{ fingerprint: '00000000000000bb', startsAt: 5000, generatorURL: '', annotations: {} },
      ...{ labels: { alertname: name, severity: 'warning' }, status: { mutedBy: [] } },
      ...fields,
    },
  ],
});

it('[#5] [#14] at its start the bot ends what Alertmanager has not any more: it may have been down for long (fake clock)', async () => {
  const feed = new FeedFixture();
  await feed.take(told('A', alert()));
  feed.sent();
  feed.now += 600_000;
  feed.restart();
  feed.evidence = () => 'absent';
  await feed.turn();
  expect(feed.sent().map(bodyOf).join()).toContain('no longer reported');
});

it('[#5] at its start it tells what Alertmanager would post in groups that it knows, once, and nothing that is mute (fake clock)', async () => {
  const feed = new FeedFixture();
  await feed.take(told('A', alert()), told('M', alert()));
  feed.sent();
  feed.evidence = () => 'active';
  feed.active = [active('A'), active('M', { status: { mutedBy: ['weekend'] } }), active('New')];
  feed.restart();
  await feed.turn();
  expect(feed.sent().map(kindOf).sort()).toEqual(['edit', 'text in thread']);
  // What Alertmanager posts of it afterwards is known.
  await feed.take(told('A', alert(), alert({ fingerprint: '00000000000000bb', startsAt: 5000 })));
  expect(feed.sent()).toEqual([]);
});
