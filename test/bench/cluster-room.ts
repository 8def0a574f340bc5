import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BotProcess } from '../lab/bot-process.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import type { Cluster } from '../lab/kubernetes/cluster.ts';
import { helmUpgrade } from '../lab/kubernetes/helm.ts';
import { repository, urtc } from '../lab/product.ts';
import { talkIn, type Talk } from '../lab/talk.ts';
import { LabError } from '../lab/failure.ts';
import { processorMs, residentMb } from './child.ts';
import type { Figure } from './figure.ts';
import { withoutProxy } from './house.ts';
import type { Counts } from './options.ts';
import { percentile } from './statistics.ts';

/** How much `logs --tail 1000` may take, ms, and the idle bot, MB (issue 5, "Bench"). */
const mostLogsMs = 500;
const mostIdleMb = 220;

const botUser = 'system:serviceaccount:urtc:urtc-bot';
const logLine = 'GET /_matrix/client/v3/sync?timeout=30000 200 0.123sec from 10.42.0.1 as @anna';

/** Every command that asks the cluster, as a person says it. */
const asked = [
  ...['status', 'health', 'info', 'events', 'perf', 'logs haproxy'],
  ...['doctor', 'bundle', 'restart element-web', 'scale haproxy 2', 'scale haproxy 1'],
];

/** What a person in the room and one on the terminal wait for, with the real bot and its own token. */
export const measureClusterRoom = async (
  cluster: Cluster,
  ess: { readonly release: string; readonly namespace: string },
  urls: Readonly<Record<string, string>>,
  counts: Counts,
): Promise<Figure[]> => {
  await helmUpgrade(cluster, {
    ...{ release: 'urtc', namespace: 'urtc', chart: join(repository, 'deploy/rbac') },
    layers: [{ ess, certManager: { enabled: false } }],
  });
  const kubeconfig = await cluster.kubeconfigFor('urtc-bot', 'urtc');
  await using lab = await startLab({ name: 'bench-cluster', people: ['anna'], encrypted: true });
  const bot = await lab.startBot({
    settings: { ...withoutProxy(lab), kubernetes: { kubeconfig, ...ess, endpoints: urls } },
  });
  const anna = lab.person('anna');
  const talk = talkIn(anna, await lab.enterAdminRoom(anna));
  // Once for what is read only now and then: it is not what is measured.
  await talk('!status');
  await pause(counts.idleSeconds * 1000);
  const idle = residentMb(bot.pid);
  return [
    {
      ...{ name: 'memory with a cluster, idle', unit: 'MB', baseline: null, ours: idle },
      targets: [{ kind: 'most', atMost: mostIdleMb }],
      note: `VmRSS ${counts.idleSeconds} s after an answer, 11 components`,
    },
    ...(await logFigures(cluster, ess.namespace, lab, talk, bot, counts)),
    ...(await requestFigures(cluster, talk, counts)),
  ];
};

const logFigures = async (
  cluster: Cluster,
  namespace: string,
  lab: Lab,
  talk: Talk,
  bot: BotProcess,
  counts: Counts,
): Promise<Figure[]> => {
  const [pod = ''] = await cluster.pods.names({ namespace, name: 'element-web' });
  const log = await cluster.pods.log({ namespace, pod, container: 'element-web' });
  log.append(Array.from({ length: 20_000 }, (_, at) => `${at} ${logLine}`));
  const line = 'logs element-web --tail=1000';
  const inRoom = async (): Promise<void> => {
    const { outcome, body } = await talk(`!${line}`);
    if (outcome !== 'ok') throw new LabError(`${line}: ${body}`);
  };
  const onTerminal = async (): Promise<void> => {
    const args = [...line.split(' '), '--config', bot.configFile];
    const { stdout } = await urtc(args, { cwd: lab.folder });
    if (!stdout.includes(`19999 ${logLine}`)) throw new LabError(`${line}: ${stdout}`);
  };
  const figures: Figure[] = [];
  for (const [where, ask] of [
    ['in the room', inRoom],
    ['on the terminal', onTerminal],
  ] as const) {
    await ask();
    const took: number[] = [];
    const used = processorMs(bot.pid);
    for (let time = 0; time < counts.logReadings; time += 1) {
      const begun = performance.now();
      await ask();
      took.push(performance.now() - begun);
    }
    figures.push({
      ...{ name: `logs --tail 1000 ${where}, p95`, unit: 'ms', baseline: null },
      ours: percentile(took, 0.95),
      targets: [{ kind: 'most', atMost: mostLogsMs }],
      note: `${took.length} times, from the question to the whole answer; median ${percentile(took, 0.5).toFixed(0)} ms`,
    });
    figures.push({
      ...{ name: `logs --tail 1000 ${where}, processor time`, unit: 'ms', baseline: null },
      ours: (processorMs(bot.pid) - used) / took.length,
      ...{
        targets: [],
        note: 'of the bot alone, each time: what other programs do does not count',
      },
    });
  }
  return figures;
};

/** What each command asks of the API server, as its audit log tells it. */
const requestFigures = async (cluster: Cluster, talk: Talk, counts: Counts): Promise<Figure[]> => {
  // What takes its time, such as a log, is in the audit log when it begins and when it ends.
  const calls = (): number =>
    new Set(
      cluster
        .auditLog()
        .filter(({ user, verb }) => user.username === botUser && verb !== 'watch')
        .map(({ auditID }) => auditID),
    ).size;
  const figures: Figure[] = [];
  for (const command of asked.slice(0, counts.countedRequests)) {
    // The fewest of some: what the bot measures every minute may fall into one of them.
    const counted: number[] = [];
    const times = /^(restart|scale)/.test(command) ? 1 : 3;
    for (let time = 0; time < times; time += 1) {
      const before = calls();
      await talk(`!${command}`, 120_000);
      counted.push(calls() - before);
    }
    figures.push({
      ...{ name: `${command}: API requests`, unit: 'count', baseline: null, targets: [] },
      ours: Math.min(...counted),
      note: 'in the room, from the audit log; without the watches',
    });
  }
  return figures;
};
