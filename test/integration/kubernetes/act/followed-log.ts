import type { BotProcess } from '../../../lab/bot-process.ts';
import type { AttachedCluster } from '../../../lab/kubernetes/attached.ts';
import type { PodLog } from '../../../lab/kubernetes/pod-log.ts';
import type { Lab } from '../../../lab/lab.ts';
import { startUrtc } from '../../../lab/product.ts';
import { until } from '../../../lab/wait.ts';

/** How `urtc logs haproxy --follow --grep=plum` went until Ctrl-C. */
export interface Followed {
  /** Stages of its request in the API server's audit log while lines came. */
  readonly whileItRan: readonly unknown[];
  readonly exitCode: number | null;
  readonly shown: string;
}

/**
 * Follows a log on the terminal, sees two lines come, presses Ctrl-C, and waits until the API server
 * has noted the end of the request.
 *
 * @throws LabError when one of them does not come.
 */
export async function followedOnTheTerminal(parts: {
  readonly cluster: Pick<AttachedCluster, 'auditLog'>;
  /** Where the pod of the log is. */
  readonly namespace: string;
  readonly log: PodLog;
  readonly lab: Lab;
  readonly bot: BotProcess;
}): Promise<Followed> {
  const { cluster, namespace, log, lab, bot } = parts;
  // Others follow logs in this cluster, too; and the end of one before this may be noted only now.
  const before = new Set(cluster.auditLog().map(({ auditID }) => auditID));
  const stages = () =>
    cluster
      .auditLog()
      .filter(({ auditID, objectRef }) => !before.has(auditID) && objectRef.namespace === namespace)
      .filter(({ requestURI }) => /\/log\?.*follow=true/.test(requestURI))
      .map(({ stage }) => stage);
  const seen = startUrtc(
    ['logs', 'haproxy', '--follow', '--grep=plum', '--config', bot.configFile],
    lab.folder,
  );
  const shows = (text: string) => () => (seen.stdout().includes(text) ? true : undefined);
  log.append(['a plum']);
  await until('the log', shows('a plum'), { timeoutMs: 60_000 });
  log.append(['a second plum', 'a cherry']);
  await until('the next line', shows('a second plum'), { timeoutMs: 60_000 });
  const whileItRan = stages();
  seen.interrupt();
  const exitCode = await seen.ended;
  const end = () => (stages().includes('ResponseComplete') ? true : undefined);
  await until('the end of its request', end, { timeoutMs: 30_000 });
  return { whileItRan, exitCode, shown: seen.stdout() };
}
