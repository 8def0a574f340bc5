import type { Clock } from '../../platform/clock.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { Redaction } from '../redaction/redaction.ts';
import { KeyGate } from './key-gate.ts';
import { linesOf } from './lines.ts';
import type { LinePattern } from './pattern/line-pattern.ts';
import { clean, type LogSource } from './read-log.ts';

/** How fast and how far a log is followed. */
export interface Pace {
  /** Between two batches, ms. */
  readonly everyMs: number;
  /** Of one batch only so many lines are shown, the newest; the others are counted. */
  readonly batchLines: number;
  /** Ends after so many lines. */
  readonly lines: number;
  /** Ends after that long, ms. */
  readonly ms: number;
}

/** For a room: nobody reads faster, and it must have an end. */
export const roomPace: Pace = { everyMs: 3000, batchLines: 40, lines: 500, ms: 10 * 60_000 };
/** For a terminal: until Ctrl-C, or the end of a day. */
export const terminalPace: Pace = {
  everyMs: 200,
  batchLines: 5000,
  lines: Number.POSITIVE_INFINITY,
  ms: 24 * 60 * 60_000,
};

/** What came since the last one. */
export interface FollowedBatch {
  readonly lines: readonly string[];
  /** How many more came than a batch shows. */
  readonly leftOut: number;
}

/** Why it ended: by itself (every container did), or by its bounds. */
export type FollowEnd = 'containers' | 'time' | 'lines';

/** Lines that wait for their batch. */
interface Waiting {
  lines: string[];
  leftOut: number;
}

/**
 * Follows logs, merged as they come; with several, each line begins with its pod. Yields batches at
 * the given pace and returns why it ended. `tail`: so many lines from before. Throws what the port's
 * `logs` throws, and the signal's reason.
 */
export async function* followLogs(
  parts: {
    readonly cluster: Pick<Kubernetes, 'logs'>;
    readonly redaction: Pick<Redaction, 'apply'>;
    readonly clock: Clock;
  },
  sources: readonly LogSource[],
  wish: { readonly tail: number; readonly since: number | null; readonly grep: LinePattern | null },
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<FollowedBatch, FollowEnd> {
  const { cluster, redaction, clock } = parts;
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  /** Aborted when nothing more can come. */
  const idle = new AbortController();
  const waiting: Waiting = { lines: [], leftOut: 0 };
  const state: { open: number; failure: Error | null } = { open: sources.length, failure: null };
  const ends = sources.map(async (source) => {
    const { namespace, name, container } = source;
    const { since, tail } = wish;
    const begin = since === null ? { tail } : { since };
    const chunks = cluster.logs({ namespace, name, container, follow: true, ...begin }, stop);
    await collect(chunks, sources.length > 1 ? `${name} | ` : '', wish.grep, pace, waiting);
  });
  for (const end of ends) {
    void end
      .catch((error: unknown) => {
        if (!stop.aborted)
          state.failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        state.open -= 1;
        if (state.open === 0) idle.abort();
      });
  }
  const began = clock.monotonic();
  let shown = 0;
  try {
    for (;;) {
      await clock
        .sleep(pace.everyMs, AbortSignal.any([signal, idle.signal]))
        .catch(() => undefined);
      signal.throwIfAborted();
      const isEnded = state.open === 0;
      const batch = take(waiting, redaction, wish.grep);
      if (batch.lines.length > 0 || batch.leftOut > 0) yield batch;
      shown += batch.lines.length + batch.leftOut;
      if (state.failure !== null) throw state.failure;
      if (isEnded) return 'containers';
      if (shown >= pace.lines) return 'lines';
      if (clock.monotonic() - began >= pace.ms) return 'time';
    }
  } finally {
    over.abort();
  }
}

async function collect(
  chunks: AsyncIterable<Uint8Array>,
  prefix: string,
  grep: LinePattern | null,
  pace: Pace,
  waiting: Waiting,
): Promise<void> {
  const gate = new KeyGate();
  for await (const lines of linesOf(chunks)) {
    for (const raw of lines) {
      const line = gate.pass(raw);
      if (grep !== null && !grep.matches(line)) continue;
      waiting.lines.push(prefix + line);
    }
    const more = waiting.lines.length - pace.batchLines;
    if (more <= 0) continue;
    waiting.lines = waiting.lines.slice(more);
    waiting.leftOut += more;
  }
}

function take(
  waiting: Waiting,
  redaction: Pick<Redaction, 'apply'>,
  grep: LinePattern | null,
): FollowedBatch {
  const { lines, leftOut } = waiting;
  waiting.lines = [];
  waiting.leftOut = 0;
  return { lines: clean(lines, redaction, grep), leftOut };
}
