import { AppError } from '../../core/errors.ts';
import { say, type Text } from '../../core/text.ts';
import type { ContainerStatus, Kubernetes, Pod } from '../../platform/kubernetes/port.ts';
import { readLog, type LogWish } from '../logs/read-log.ts';
import { readStack } from '../stack/stack.ts';
import type { Absence, BundleFile, BundlePart } from './bundle-part.ts';
import { safeName } from './safe-name.ts';
import { TimeLimit } from './time-limit.ts';

type Cluster = Pick<Kubernetes, 'release' | 'namespace' | 'view' | 'logs'>;

/** How much of each log. */
export interface LogShare {
  /** At most so many last lines. */
  readonly lines: number;
  /** Only what is newer, ms since the epoch; null: however old. */
  readonly since: number | null;
}

/** And of one log so many characters. */
const mostCharacters = 1_000_000;
/** One log gets so much time, ms. */
const logMs = 30_000;
/** More containers than this are not read. */
const mostLogs = 200;

interface Wanted {
  readonly pod: Pod;
  readonly container: string;
  readonly previous: boolean;
}

/** Secrets are taken out where a bundle is packed; only keys need the lines in their order. */
const asItIs = { prepare: (): Promise<void> => Promise.resolve(), apply: (text: string) => text };

/** Logs of all containers of the release, the runs before a restart included; those that restarted first. */
export function containerLogs(cluster: Cluster, share: LogShare): BundlePart {
  return {
    title: say('bundle.part.logs'),
    what: 'logs/',
    limitMs: 150_000,
    collect: async function* (signal) {
      const { components, otherPods, data } = readStack(cluster);
      if (data.is === 'nothing') {
        if (data.problem !== null) throw data.problem;
        yield { what: 'logs/', why: say('bundle.why.unknown') };
        return;
      }
      const pods = [...components.flatMap((component) => component.pods), ...otherPods];
      const wanted = [...pods]
        .sort((one, other) => restarts(other) - restarts(one))
        .flatMap(logsOf);
      for (const [nth, each] of wanted.entries()) {
        if (nth === mostLogs) {
          yield { what: 'logs/', why: say('bundle.why.logs', { count: wanted.length - nth }) };
          return;
        }
        const found = await readOne(cluster, each, share, signal);
        if (!(found instanceof AppError)) {
          yield found;
          continue;
        }
        const isOfAll = ['E_KUBERNETES_UNREACHABLE', 'E_KUBERNETES_FORBIDDEN'].includes(found.code);
        // What keeps us from one log keeps us from all that come after it.
        if (isOfAll) throw found;
        yield { what: pathOf(each), why: say(found.code, found.params) } satisfies Absence;
      }
    },
  };
}

const statuses = (pod: Pod): readonly ContainerStatus[] => [
  ...pod.containers,
  ...pod.initContainers,
];

const restarts = (pod: Pod): number =>
  statuses(pod).reduce((sum, { restarts: count }) => sum + count, 0);

function logsOf(pod: Pod): readonly Wanted[] {
  return statuses(pod).flatMap(({ name: container, restarts: count, state, last }) => {
    // Before its first start a container has no log.
    const hasBegun = state.is !== 'waiting' || last !== null;
    return [
      ...(hasBegun ? [{ pod, container, previous: false }] : []),
      ...(count > 0 ? [{ pod, container, previous: true }] : []),
    ];
  });
}

const pathOf = ({ pod, container, previous }: Wanted): string =>
  `logs/${safeName(pod.name)}/${safeName(container)}${previous ? '.previous' : ''}.log`;

async function readOne(
  cluster: Cluster,
  wanted: Wanted,
  share: LogShare,
  signal: AbortSignal,
): Promise<BundleFile | Absence | AppError> {
  const { pod, container, previous } = wanted;
  const source = { namespace: pod.namespace, name: pod.name, container };
  // One more than wanted tells whether there was more.
  const wish: LogWish = { tail: share.lines + 1, since: share.since, grep: null, previous };
  const late = new TimeLimit(logMs);
  try {
    const found = await readLog(
      cluster,
      asItIs,
      source,
      wish,
      AbortSignal.any([signal, late.signal]),
    );
    const { text, note } = lastOf(found.lines, share.lines, found.isCut);
    return { path: pathOf(wanted), content: { text }, ...(note === null ? {} : { note }) };
  } catch (error) {
    signal.throwIfAborted();
    if (late.signal.aborted) {
      return { what: pathOf(wanted), why: say('bundle.why.slow', { limit: { span: logMs } }) };
    }
    if (error instanceof AppError) return error;
    throw error;
  } finally {
    late.end();
  }
}

/** The last lines that fit, and how many they are where there were more. */
function lastOf(
  lines: readonly string[],
  most: number,
  isCut: boolean,
): { readonly text: string; readonly note: Text | null } {
  let from = Math.max(0, lines.length - most);
  let characters = lines.slice(from).reduce((sum, line) => sum + line.length + 1, 0);
  for (; characters > mostCharacters && from < lines.length - 1; from += 1) {
    characters -= (lines[from]?.length ?? 0) + 1;
  }
  const note = from > 0 || isCut ? say('bundle.note.log', { count: lines.length - from }) : null;
  return { text: lines.slice(from).join('\n'), note };
}
