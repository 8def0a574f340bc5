import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { LabError } from '../lab/failure.ts';
import { repository } from '../lab/product.ts';
import { residentMb, startChild } from './child.ts';
import type { Figure } from './figure.ts';
import { command, type BenchHouse } from './house.ts';
import { inTurns } from './latency.ts';
import type { Counts } from './options.ts';
import { median } from './statistics.ts';

const dist = pathToFileURL(join(repository, 'dist/')).href;
/** Importing this one would start the program. */
const entry = `${dist}urtc.mjs`;

/** The files of the bundle that a running bot has loaded, learnt from one. */
const importsOfTheBot = async (house: BenchHouse): Promise<string> => {
  const seen = join(house.lab.folder, 'loaded.txt');
  const hooks = pathToFileURL(join(import.meta.dirname, 'list-imports.ts')).href;
  await house.restartOurs({
    NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${hooks}`,
    URTC_BENCH_IMPORTS: seen,
  });
  await house.person.ask(house.ourRoom, command);
  const urls = existsSync(seen) ? readFileSync(seen, 'utf8').trim().split('\n') : [];
  const parts = [...new Set(urls)].filter((url) => url.startsWith(dist) && url !== entry);
  if (parts.length === 0) throw new LabError('the bot has loaded no part of the bundle');
  // A copy, because another build may take the files away; the bundle needs nothing beside it.
  const copy = join(house.lab.folder, 'dist');
  cpSync(join(repository, 'dist'), copy, { recursive: true });
  const copied = parts.map((url) => pathToFileURL(join(copy, url.slice(dist.length))).href);
  const list = join(house.lab.folder, 'imports.txt');
  writeFileSync(list, `${copied.join('\n')}\n`);
  return list;
};

/** (c) Memory of the bot when it has answered and nobody speaks to it. */
export const measureMemory = async (house: BenchHouse, counts: Counts): Promise<Figure[]> => {
  const imports = await importsOfTheBot(house);
  const idle = (): Promise<void> => pause(counts.idleSeconds * 1000);
  const { ours, baseline } = await inTurns(
    counts.memoryTurns,
    async () => {
      await house.restartOurs();
      await house.person.ask(house.ourRoom, command);
      await idle();
      return [residentMb(house.ours().pid)];
    },
    async () => {
      const child = await startChild(house.python, 'bare-imports.mjs', { IMPORTS: imports });
      await idle();
      const resident = residentMb(child.pid);
      await child.end();
      return [resident];
    },
  );
  return [
    {
      name: 'memory, idle',
      unit: 'MB',
      ours: median(ours),
      baseline: median(baseline),
      targets: [
        { kind: 'most', atMost: 130 },
        { kind: 'ratio', atMost: 1.2 },
      ],
      note: `VmRSS ${counts.idleSeconds} s after an answer, median of ${ours.length}; baseline: a process that imported the very files of the bundle that the bot loads`,
    },
  ];
};
