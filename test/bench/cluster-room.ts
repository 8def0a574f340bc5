import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { documentedRequests, requestsOf } from '../integration/kubernetes/rbac/asks-the-cluster.ts';
import { startLab } from '../lab/lab.ts';
import type { Cluster } from '../lab/kubernetes/cluster.ts';
import { helmUpgrade } from '../lab/kubernetes/helm.ts';
import { repository } from '../lab/product.ts';
import { talkIn, type Talk } from '../lab/talk.ts';
import { LabError } from '../lab/failure.ts';
import { residentMb } from './child.ts';
import { measureWaits, type Awaited, type Waiting } from './cluster-waits.ts';
import type { Figure } from './figure.ts';
import { withoutProxy } from './house.ts';
import type { Counts } from './options.ts';

/** How much a command that sees and `logs --tail 1000` may take, ms, and the idle bot, MB (issue 5, "Bench"). */
const mostSeenMs = 300;
const mostLogsMs = 500;
const mostIdleMb = 220;

const botUser = 'system:serviceaccount:urtc:urtc-bot';
const logLine = 'GET /_matrix/client/v3/sync?timeout=30000 200 0.123sec from 10.42.0.1 as @anna';

const handingBack = 'scale haproxy 1';

/** Every command that asks the cluster, as a person says it. */
const asked = [
  ...['status', 'health', 'info', 'events', 'perf', 'logs haproxy'],
  ...['doctor', 'bundle', 'restart element-web', 'scale haproxy 2', handingBack],
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
    ...(await waitFigures(cluster, ess.namespace, { talk, bot, folder: lab.folder }, counts)),
    ...(await requestFigures(cluster, talk, counts)),
  ];
};

/** `status` and `health`, and the end of a long log. */
const waitFigures = async (
  cluster: Cluster,
  namespace: string,
  waiting: Waiting,
  counts: Counts,
): Promise<Figure[]> => {
  const [pod = ''] = await cluster.pods.names({ namespace, name: 'element-web' });
  const log = await cluster.pods.log({ namespace, pod, container: 'element-web' });
  log.append(Array.from({ length: 20_000 }, (_, at) => `${at} ${logLine}`));
  const seen = { mostMs: mostSeenMs, times: counts.seenCommands };
  const logs = { mostMs: mostLogsMs, times: counts.logReadings };
  const shows = `19999 ${logLine}`;
  const all: readonly Awaited[] = [
    { name: 'status', line: 'status', shows: 'Synapse federation-sender', ...seen },
    { name: 'health', line: 'health', shows: 'ed25519:a_lab', ...seen },
    { name: 'logs --tail 1000', line: 'logs element-web --tail=1000', shows, ...logs },
  ];
  const figures: Figure[] = [];
  for (const each of all) figures.push(...(await measureWaits(each, waiting)));
  return figures;
};

/** What each command asks of the API server, as its audit log tells it. */
const requestFigures = async (cluster: Cluster, talk: Talk, counts: Counts): Promise<Figure[]> => {
  const calls = (): number => requestsOf(botUser, cluster.auditLog());
  const documented = documentedRequests();
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
    const [noun = ''] = command.split(' ');
    const atMost = documented.get(noun);
    if (atMost === undefined) throw new LabError(`docs/kubernetes.md has no row for ${noun}`);
    // The last of the two `scale` hands back.
    const isBack = command === handingBack;
    figures.push({
      ...{ name: `${command}: API requests`, unit: 'count', baseline: null },
      targets: isBack ? [] : [{ kind: 'most', atMost }],
      ours: Math.min(...counted),
      note: 'in the room, from the audit log; without the watches',
    });
  }
  return figures;
};
