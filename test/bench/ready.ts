import type { Figure } from './figure.ts';
import type { BenchHouse } from './house.ts';
import { inTurns } from './latency.ts';
import type { Counts } from './options.ts';
import { median, percentile } from './statistics.ts';

/** (b) From the start of the process to `/readyz` 200, with data and a warm disk cache. */
export const measureReady = async (house: BenchHouse, counts: Counts): Promise<Figure[]> => {
  const { ours, baseline } = await inTurns(
    counts.starts,
    async () => [await house.restartOurs()],
    async () => [await house.restartBare()],
  );
  const note = `${ours.length} starts each, in turns; baseline: the bare bot (unbundled) has synced once`;
  const most = [{ kind: 'most', atMost: 2000 }] as const;
  return [
    { name: 'ready, median', ours: median(ours), baseline: median(baseline), targets: most },
    {
      name: 'ready, slowest',
      ours: percentile(ours, 1),
      baseline: percentile(baseline, 1),
      targets: [],
    },
  ].map((figure) => ({ ...figure, unit: 'ms', note }));
};
