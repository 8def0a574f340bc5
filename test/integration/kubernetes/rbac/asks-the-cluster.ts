import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CapabilityName } from '../../../../src/commands/capabilities.ts';
import { nameOf } from '../../../../src/commands/command-index.ts';
import { commands } from '../../../../src/commands/nouns/index.ts';
import type { AttachedCluster, AuditCall } from '../../../lab/kubernetes/attached.ts';
import { LabError } from '../../../lab/failure.ts';
import { repository } from '../../../lab/product.ts';
import type { Talk } from '../../../lab/talk.ts';

const ofTheCluster: ReadonlySet<CapabilityName> = new Set(['kubernetes', 'gauges', 'logs']);

/** Every command that asks the cluster. */
export const asksTheCluster = commands
  .filter(({ uses }) => uses.some((each) => ofTheCluster.has(each)))
  .map(nameOf);

/** What the API server refused to one identity: verb, resource and namespace, each once. */
export const refusedTo = (user: string, calls: readonly AuditCall[]): readonly string[] => {
  const refused = calls
    .filter((call) => call.user.username === user && call.responseStatus.code === 403)
    .map(({ verb, objectRef: { resource, subresource, namespace } }) =>
      [verb, subresource === '' ? resource : `${resource}/${subresource}`, namespace].join(' '),
    );
  return [...new Set(refused)].sort();
};

/**
 * How many requests an identity has made, watches left out. What takes its time, such as a log, is in
 * the audit log when it begins and when it ends.
 */
export const requestsOf = (user: string, calls: readonly AuditCall[]): number => {
  const own = calls.filter((call) => call.user.username === user && call.verb !== 'watch');
  return new Set(own.map(({ auditID }) => auditID)).size;
};

/** What the table of docs/kubernetes.md says that a command asks: the first number of its row. */
export const documentedRequests = (): ReadonlyMap<string, number> => {
  const text = readFileSync(join(repository, 'docs/kubernetes.md'), 'utf8');
  const [, section = ''] = text.split('\n## What a command asks of the API server\n');
  const rows = section.split('\n## ')[0]?.matchAll(/^\| (`.+?) +\| (none|\d+)/gm) ?? [];
  return new Map(
    [...rows].flatMap(([, names = '', count]) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => {
        const asked = count === 'none' ? 0 : Number(count);
        return [name, asked] as const;
      }),
    ),
  );
};

/**
 * How many requests a bot sends for a line that is said to it: the fewest of three times, unless it
 * is `wanted` before. What it measures every minute may fall into one of them.
 *
 * @throws LabError for a line that was not done.
 */
export const requestsFor = async ({
  user,
  line,
  wanted,
  say,
  cluster,
}: {
  readonly user: string;
  readonly line: string;
  readonly wanted: number;
  readonly say: Talk;
  readonly cluster: Pick<AttachedCluster, 'auditLog'>;
}): Promise<number> => {
  let fewest = Infinity;
  for (let attempt = 0; attempt < 3 && fewest !== wanted; attempt += 1) {
    const from = cluster.auditLog().length;
    const { outcome, body } = await say(line, 120_000);
    // What these find is not the point.
    const mayFail = ['!health', '!doctor'].includes(line);
    if (!mayFail && !['ok', 'warning'].includes(outcome)) throw new LabError(`${line}: ${body}`);
    fewest = Math.min(fewest, requestsOf(user, cluster.auditLog().slice(from)));
  }
  return fewest;
};
