import { setTimeout as pause } from 'node:timers/promises';
import type { Progress } from '../lab/cache.ts';
import { residentMb } from './child.ts';
import type { Figure } from './figure.ts';
import { command, openBenchHouse, type BenchHouse } from './house.ts';
import { measureLatency } from './latency.ts';
import type { Counts } from './options.ts';
import { median, percentile } from './statistics.ts';

const echo = 'an echo on the same crypto library that sends one event, its keys in memory';

/**
 * The answer after somebody has entered: his devices are asked for, and the key is handed to them,
 * before anything is sealed. Everybody enters both rooms; who is asked first takes turns.
 */
const measureNewcomers = async (
  { lab, person, ourRoom, bareRoom }: BenchHouse,
  names: readonly string[],
): Promise<Figure> => {
  const took = { ours: new Array<number>(), baseline: new Array<number>() };
  for (const [turn, name] of names.entries()) {
    const newcomer = lab.person(name);
    await person.invite(bareRoom, newcomer.userId);
    await newcomer.invitation(ourRoom);
    for (const room of [ourRoom, bareRoom]) {
      await newcomer.join(room);
      await person.waitFor(
        room,
        ({ type, state_key: who, content }) =>
          type === 'm.room.member' && who === newcomer.userId && content['membership'] === 'join',
      );
    }
    const sides = [
      { room: ourRoom, into: took.ours },
      { room: bareRoom, into: took.baseline },
    ];
    for (const { room, into } of turn % 2 === 0 ? sides : sides.toReversed()) {
      into.push((await person.ask(room, command)).ms);
    }
  }
  return {
    ...{ name: 'encrypted first answer after somebody entered, median', unit: 'ms', targets: [] },
    ours: median(took.ours),
    baseline: median(took.baseline),
    note: `${took.ours.length} listed people, each with a new device; baseline: ${echo}`,
  };
};

const measureReadyAndMemory = async (house: BenchHouse, counts: Counts): Promise<Figure[]> => {
  const ready: number[] = [];
  for (let start = 0; start < counts.starts; start += 1) ready.push(await house.restartOurs());
  const resident: number[] = [];
  for (let turn = 0; turn < counts.memoryTurns; turn += 1) {
    await house.restartOurs();
    await house.person.ask(house.ourRoom, command);
    await pause(counts.idleSeconds * 1000);
    resident.push(residentMb(house.ours().pid));
  }
  const starts = `${ready.length} starts of the bot with its keys, identity and backup`;
  return [
    {
      ...{ name: 'encrypted ready, median', unit: 'ms', baseline: null, note: starts },
      ours: median(ready),
      targets: [{ kind: 'most', atMost: 2000 }],
    },
    {
      ...{ name: 'encrypted ready, slowest', unit: 'ms', baseline: null, note: starts },
      ours: percentile(ready, 1),
      targets: [],
    },
    {
      ...{ name: 'encrypted memory, idle', unit: 'MB', baseline: null },
      ours: median(resident),
      targets: [{ kind: 'most', atMost: 170 }],
      note: `VmRSS ${counts.idleSeconds} s after an answer, median of ${resident.length}`,
    },
  ];
};

/** (h) The bot in an encrypted room, with a person whose client encrypts as Element does. */
export const measureEncrypted = async (counts: Counts, progress: Progress): Promise<Figure[]> => {
  const newcomers = Array.from({ length: counts.newcomers }, (_, number) => `guest-${number}`);
  await using house = await openBenchHouse(progress, { encrypted: true, others: newcomers });
  progress('encrypted: latency');
  const kind = { prefix: 'encrypted ', baseline: echo, atMost: 1.5 } as const;
  const latency = await measureLatency(house, counts, kind);
  progress('encrypted: people enter');
  const entering = await measureNewcomers(house, newcomers);
  progress('encrypted: ready, memory');
  return [...latency, entering, ...(await measureReadyAndMemory(house, counts))];
};
