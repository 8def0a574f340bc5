import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BotProcess } from '../lab/bot-process.ts';
import type { Progress } from '../lab/cache.ts';
import { bodyOf } from '../lab/event.ts';
import { LabError } from '../lab/failure.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { freePort } from '../lab/ports.ts';
import { posted, postedAlert } from '../unit/bot/alerts/payloads.ts';
import type { Figure } from './figure.ts';
import { withoutProxy } from './house.ts';
import { insertIncidents } from './insert-incidents.ts';
import { inTurns } from './latency.ts';
import type { Counts } from './options.ts';
import { watchMemory } from './peak-memory.ts';
import { pairedRatio, percentile } from './statistics.ts';
import { beginStorm, stormMs, stormPosts } from './storm-sender.ts';

const token = 'token-of-the-bench';
const patience = { timeoutMs: 120_000 };

/** A bot that takes alerts, and its own room. */
interface AlertBot {
  readonly bot: BotProcess;
  readonly room: string;
  readonly port: number;
  restart(meanwhile: (state: string) => void): Promise<AlertBot>;
}

const startAlertBot = async (lab: Lab, name: string): Promise<AlertBot> => {
  const port = await freePort();
  const secrets = join(lab.folder, name, 'secrets');
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  writeFileSync(join(secrets, 'alerts-token'), token, { mode: 0o600 });
  const alerts = { token: { file: 'secrets/alerts-token' }, listen: { port } };
  const start = () => lab.startBot({ name, settings: { ...withoutProxy(lab), alerts } });
  const bot = await start();
  const room = await lab.enterAdminRoom();
  const restart: AlertBot['restart'] = async (meanwhile) => {
    await bot.term();
    meanwhile(join(dirname(bot.configFile), 'data/state.sqlite'));
    return { room, port, restart, bot: await start() };
  };
  return { bot, room, port, restart };
};

/** The bot has told of the one before, and of this one before the other bot has its turn. */
const stormInPeace = async ({ port }: AlertBot, name: string): Promise<readonly number[]> => {
  const { took } = await beginStorm({ port, token, name });
  const durations = await took;
  await pause(3000);
  return durations;
};

/** The first storm: to the last post accepted, to the room that shows all, and what that took. */
const measureFirst = async (lab: Lab, alerting: AlertBot): Promise<Figure[]> => {
  const alice = lab.person('alice');
  const { room, bot, port } = alerting;
  const since = alice.mark(room);
  const memory = watchMemory(bot.pid);
  const { beganAt, took } = await beginStorm({ port, token, name: 'First' });
  await took;
  const wanted = `${stormPosts} firing in ${stormPosts} groups`;
  await alice.waitFor(room, (event) => bodyOf(event).includes(wanted), { ...patience, since });
  const shownMs = Date.now() - beganAt;
  const events = alice
    .timeline(room)
    .filter((event) => event.content['io.urtc.notice'] === true, since).length;
  const note = `${stormPosts} posts in ${stormMs} ms, each a group of its own`;
  const figure = { baseline: null, note };
  return [
    {
      ...{ ...figure, name: 'storm of alerts, until the room shows all', unit: 'ms' },
      ...{ ours: shownMs, targets: [{ kind: 'most', atMost: 10_000 }] },
    },
    {
      ...{ ...figure, name: 'storm of alerts, events sent', unit: 'count' },
      ...{ ours: events, targets: [{ kind: 'most', atMost: 5 }] },
    },
    {
      ...{ ...figure, name: 'storm of alerts, growth of memory', unit: 'MB' },
      ...{ ours: memory.growthMb(), targets: [{ kind: 'most', atMost: 100 }] },
    },
  ];
};

/** One post of ten thousand alerts, and what those wait who post meanwhile. */
const measureLarge = async (lab: Lab, alerting: AlertBot): Promise<Figure[]> => {
  const alice = lab.person('alice');
  const { bot, room, port } = alerting;
  // Critical: it has a message of its own beside the digest of the storms.
  const labels = { alertname: 'Large', severity: 'critical' };
  const body = JSON.stringify(
    posted({
      groupKey: '{}:{alertname="Large"}',
      groupLabels: { alertname: 'Large' },
      alerts: Array.from({ length: 10_000 }, (_, nth) =>
        postedAlert({
          labels: { ...labels, instance: `node-${nth}` },
          fingerprint: `b${nth.toString(16).padStart(15, '0')}`,
        }),
      ),
    }),
  );
  const since = alice.mark(room);
  const target = { port, token, name: 'Meanwhile' };
  const { took: others } = await beginStorm(target, { count: 300, overMs: 3000 });
  const memory = watchMemory(bot.pid);
  const began = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/alerts/alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
  });
  if (answer.status !== 200) throw new LabError(`ten thousand alerts: ${answer.status}`);
  const acceptedMs = performance.now() - began;
  await alice.waitFor(room, (event) => /10,?000 firing/.test(bodyOf(event)), {
    ...{ ...patience, since },
  });
  const shownMs = performance.now() - began;
  const slowest = Math.max(...(await others));
  const events = alice
    .timeline(room)
    .filter((event) => bodyOf(event).includes(labels.alertname), since).length;
  const note = `${(body.length / 1e6).toFixed(1)} MB; others post every 10 ms meanwhile`;
  const figure = { baseline: null, unit: 'ms', note } as const;
  return [
    { ...figure, name: 'ten thousand alerts, accepted', ours: acceptedMs, targets: [] },
    { ...figure, name: 'ten thousand alerts, in the room', ours: shownMs, targets: [] },
    {
      ...{ ...figure, name: 'ten thousand alerts, slowest post meanwhile' },
      ...{ ours: slowest, targets: [{ kind: 'most', atMost: 250 }] },
    },
    {
      ...{ ...figure, name: 'ten thousand alerts, events sent', unit: 'count' },
      ...{ ours: events, targets: [] },
    },
    {
      ...{ ...figure, name: 'ten thousand alerts, most memory', unit: 'MB' },
      ...{ ours: memory.peakMb(), targets: [] },
    },
    {
      ...{ ...figure, name: 'ten thousand alerts, growth of memory', unit: 'MB' },
      ...{ ours: memory.growthMb(), targets: [] },
    },
  ];
};

const badTries = 200;

/** How long somebody with a wrong bearer waits, one try after the other (alerts-monitoring §6 number 12). */
const measureRefusals = async ({ port }: AlertBot): Promise<Figure> => {
  const took: number[] = [];
  for (let nth = 0; nth < badTries; nth += 1) {
    const began = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/alerts/alertmanager`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer wrong-${nth}` },
      body: JSON.stringify(posted()),
    });
    took.push(performance.now() - began);
    if (answer.status !== 403) throw new LabError(`a wrong bearer: ${answer.status}`);
    await answer.arrayBuffer();
  }
  return {
    ...{ name: 'wrong bearer, refused, p99', unit: 'ms', baseline: null },
    ours: percentile(took, 0.99),
    targets: [{ kind: 'most', atMost: 50 }],
    note: `${badTries} posts one after the other`,
  };
};

/** From the post to the room: one group after the other. */
const untilShown =
  (lab: Lab, alerting: () => AlertBot, next: () => number) => async (): Promise<number[]> => {
    const alice = lab.person('alice');
    const { room, port } = alerting();
    const name = `Single${next()}`;
    const since = alice.mark(room);
    const began = performance.now();
    await fetch(`http://127.0.0.1:${port}/alerts/alertmanager`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(
        posted({ groupKey: name, alerts: [postedAlert({ labels: { alertname: name } })] }),
      ),
    });
    await alice.waitFor(room, (event) => bodyOf(event).includes(name), { ...patience, since });
    return [performance.now() - began];
  };

/**
 * Alerts: a storm until it is accepted and until the room shows it, one post of ten thousand, and the
 * same bot with a long past beside one without.
 */
export const measureAlerts = async (counts: Counts, progress: Progress): Promise<Figure[]> => {
  progress('alerts');
  await using lab = await startLab({ name: 'bench-alerts', progress });
  const young = await startAlertBot(lab, 'young');
  let old = await startAlertBot(lab, 'old');
  progress(`${counts.storedIncidents} incidents into the stopped bot's store`);
  old = await old.restart((state) => insertIncidents(state, counts.storedIncidents));

  let nth = 0;
  const next = (): number => (nth += 1);
  const single = await inTurns(
    counts.singleAlerts,
    untilShown(lab, () => old, next),
    untilShown(lab, () => young, next),
  );
  progress('storms');
  const first = await measureFirst(lab, young);
  const inOld = () => stormInPeace(old, `Storm${next()}x`);
  const inYoung = () => stormInPeace(young, `Storm${next()}x`);
  // Warm, both of them.
  await inTurns(2, inOld, inYoung);
  const storms = await inTurns(counts.storms, inOld, inYoung);
  progress('ten thousand alerts in one post');
  const large = await measureLarge(lab, young);
  const refusals = await measureRefusals(young);

  const stormNote = `${counts.storms} × ${stormPosts} posts in ${stormMs} ms, each on a connection of its own`;
  const past = `baseline: the same bot without ${counts.storedIncidents} stored incidents, in turns`;
  const most = [{ kind: 'most', atMost: 100 }] as const;
  return [
    ...([50, 99] as const).map((rank): Figure => ({
      ...{ name: `storm of alerts, accepted, p${rank}`, unit: 'ms', baseline: null },
      ours: percentile(storms.baseline, rank / 100),
      ...{ targets: rank === 99 ? most : [], note: stormNote },
    })),
    ...first,
    ...large,
    refusals,
    {
      ...{ name: 'long past of alerts, accepted, p50', unit: 'ms' },
      ours: percentile(storms.ours, 0.5),
      baseline: percentile(storms.baseline, 0.5),
      ratio: pairedRatio(storms.ours, storms.baseline, stormPosts),
      ...{ targets: [{ kind: 'ratio', atMost: 1.1 }], note: `${stormNote}; ${past}` },
    },
    {
      ...{ name: 'long past of alerts, in the room, p50', unit: 'ms' },
      ours: percentile(single.ours, 0.5),
      baseline: percentile(single.baseline, 0.5),
      ratio: pairedRatio(single.ours, single.baseline, 1),
      targets: [{ kind: 'ratio', atMost: 1.1 }],
      note: `${single.ours.length} alerts, from the post on; ${past}`,
    },
  ];
};
