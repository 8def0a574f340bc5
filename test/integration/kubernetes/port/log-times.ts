import { Mask } from '../../../../src/core/mask.ts';
import { readLog, type LogSource } from '../../../../src/ops/logs/read-log.ts';
import { createRedaction } from '../../../../src/ops/redaction/redaction.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import type { Kubernetes } from '../../../../src/platform/kubernetes/port.ts';

/** Reads the last 1000 lines of a log twenty times: how long each took, ms, the fastest first. */
export async function logTimes(
  port: Kubernetes,
  source: LogSource,
): Promise<{ readonly times: readonly number[]; readonly lines: ReadonlySet<number> }> {
  const redaction = createRedaction({ mask: new Mask(), kubernetes: port, clock: systemClock });
  const { signal } = new AbortController();
  await redaction.prepare(signal);
  const wish = { tail: 1000, since: null, grep: null, previous: false };
  const times: number[] = [];
  const counts = new Set<number>();
  for (let round = 0; round < 20; round += 1) {
    const begun = performance.now();
    const { lines } = await readLog(port, redaction, source, wish, signal);
    times.push(performance.now() - begun);
    counts.add(lines.length);
  }
  return { times: times.sort((one, other) => one - other), lines: counts };
}
