import { processorMs } from './child.ts';
import type { Figure } from './figure.ts';
import { command, type BenchHouse } from './house.ts';
import type { Counts } from './options.ts';
import { percentile } from './statistics.ts';

/** Commands in a row before the other bot has its turn. */
export const block = 10;
const crowd = 20;

/** How long each of the two took, ms. */
export interface Pair {
  readonly ours: number[];
  readonly baseline: number[];
}

/**
 * Takes turns, so that what changes on the machine meanwhile hits both alike.
 *
 * @param ours Returns the durations of one turn, ms.
 */
export const inTurns = async (
  turns: number,
  ours: () => Promise<readonly number[]>,
  baseline: () => Promise<readonly number[]>,
): Promise<Pair> => {
  const pair: Pair = { ours: [], baseline: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    // Who begins changes too: A B, B A, A B …
    if (turn % 2 === 0) pair.ours.push(...(await ours()));
    pair.baseline.push(...(await baseline()));
    if (turn % 2 === 1) pair.ours.push(...(await ours()));
  }
  return pair;
};

/** Asks one after the other; ms from "the server has accepted it" to "the person sees the answer". */
export const oneByOne =
  ({ person }: Pick<BenchHouse, 'person'>, room: string, count = block) =>
  async (): Promise<number[]> => {
    const took: number[] = [];
    for (let i = 0; i < count; i += 1) took.push((await person.ask(room, command)).ms);
    return took;
  };

const allAtOnce =
  ({ person }: BenchHouse, room: string) =>
  async (): Promise<number[]> => {
    const asking = Array.from({ length: crowd }, () => person.ask(room, command));
    return (await Promise.all(asking)).map(({ ms }) => ms);
  };

/** What is compared, and how many times the baseline its p95 may be. `prefix` is of the figures' names. */
export interface LatencyKind {
  readonly prefix: '' | 'encrypted ';
  readonly baseline: string;
  readonly atMost: number;
}

const plainRooms: LatencyKind = {
  prefix: '',
  baseline: 'a bot that only sends the same answer',
  atMost: 1.3,
};

const figures = (kind: LatencyKind, name: string, { ours, baseline }: Pair): Figure[] =>
  ([50, 95] as const).map((rank) => ({
    name: `${kind.prefix}latency, ${name}, p${rank}`,
    unit: 'ms',
    ours: percentile(ours, rank / 100),
    baseline: percentile(baseline, rank / 100),
    targets: rank === 95 ? [{ kind: 'ratio', atMost: kind.atMost }] : [],
    note: `${ours.length} × ${command} each, in turns; baseline: ${kind.baseline}`,
  }));

/** (a) From the home server's "accepted" to the answer on the person's screen. */
export const measureLatency = async (
  house: BenchHouse,
  counts: Counts,
  kind: LatencyKind = plainRooms,
): Promise<Figure[]> => {
  const { ourRoom, bareRoom } = house;
  const one = (room: string) => oneByOne(house, room);
  await inTurns(1, one(ourRoom), one(bareRoom));
  const used = (): number[] => [house.ours().pid, house.bare().pid].map(processorMs);
  const [oursBefore = 0, bareBefore = 0] = used();
  const sequential = await inTurns(counts.latencyTurns, one(ourRoom), one(bareRoom));
  const [oursAfter = 0, bareAfter = 0] = used();
  const crowded = await inTurns(
    counts.crowdTurns,
    allAtOnce(house, ourRoom),
    allAtOnce(house, bareRoom),
  );
  const asked = sequential.ours.length;
  const processor: Figure = {
    ...{ name: `${kind.prefix}processor time per command`, unit: 'ms', targets: [] },
    ours: (oursAfter - oursBefore) / asked,
    baseline: (bareAfter - bareBefore) / asked,
    note: `of the bot's process, user and system, over ${asked} commands one at a time`,
  };
  return [
    ...figures(kind, 'one at a time', sequential),
    ...figures(kind, `${crowd} at once`, crowded),
    processor,
  ];
};
