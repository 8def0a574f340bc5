import { AppError } from '../../core/errors.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import { logSources } from '../logs/log-sources.ts';
import { readLog } from '../logs/read-log.ts';
import type { Redaction } from '../redaction/redaction.ts';
import type { PodLog } from './facts.ts';

/** What logs are read with. `now` in ms since the epoch. */
export interface LogParts {
  readonly kubernetes: Kubernetes;
  /** Prepared already. */
  readonly redaction: Redaction;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** So many last lines of each pod's log are looked through. */
const tail = 2000;
/** A crash tells why in its last lines. */
const crashTail = 100;
/** What is older was about a trouble of another day, ms. */
const reachMs = 24 * 60 * 60_000;
const mostPods = 4;

/**
 * The last lines of a component's pods, of this run or of the one that crashed. A pod that has no log
 * yet is left out; where none can be read, it throws why.
 */
export async function readPodLogs(
  { kubernetes, redaction, now, signal }: LogParts,
  component: string,
  run: 'now' | 'crashed',
): Promise<readonly PodLog[]> {
  const { sources } = logSources(kubernetes, component, null);
  const logs: PodLog[] = [];
  let failure: AppError | null = null;
  for (const source of sources.slice(0, mostPods)) {
    const wish =
      run === 'now'
        ? { tail, since: now - reachMs, grep: null, previous: false }
        : { tail: crashTail, since: null, grep: null, previous: source.hasPrevious };
    try {
      const { lines } = await readLog(kubernetes, redaction, source, wish, signal);
      logs.push({ pod: source.name, container: source.container, lines });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      failure ??= error;
    }
  }
  if (logs.length === 0 && failure !== null) throw failure;
  return logs;
}
