/** `npm run bench`: what the bot costs, beside what there is to compare it with (--help). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { LabError, textOf } from '../lab/failure.ts';
import { repository } from '../lab/product.ts';
import { runProgram } from '../lab/program.ts';
import { sweepRuns } from '../lab/run-folder.ts';
import { measureAlerts } from './alerts.ts';
import { measureCluster } from './cluster.ts';
import { measureCommits } from './commits.ts';
import { measureCryptoStore } from './crypto-store.ts';
import { measureEncrypted } from './encrypted.ts';
import { missed, ratioOf, targetText, type Figure } from './figure.ts';
import { measureHistory } from './history.ts';
import { openBenchHouse, type BenchHouse } from './house.ts';
import { measureLatency } from './latency.ts';
import { measureMemory } from './memory.ts';
import {
  helpText,
  measurements,
  readOptions,
  type BenchOptions,
  type Measurement,
} from './options.ts';
import { measureParsing } from './parse.ts';
import { measureReady } from './ready.ts';
import { table } from './table.ts';

const progress = (text: string): void => {
  process.stderr.write(`· ${(performance.now() / 1000).toFixed(0)} s: ${text}\n`);
};

const inHouse = {
  latency: measureLatency,
  commits: measureCommits,
  ready: measureReady,
  memory: measureMemory,
  history: (house: BenchHouse, counts: BenchOptions['counts']) =>
    measureHistory(house, counts, progress),
} as const;

type PlainMeasurement = keyof typeof inHouse;

const isPlain = (name: Measurement): name is PlainMeasurement => name in inHouse;

const measurePlain = async (
  wanted: readonly PlainMeasurement[],
  counts: BenchOptions['counts'],
): Promise<Figure[]> => {
  const figures: Figure[] = [];
  if (wanted.length === 0) return figures;
  await using house = await openBenchHouse(progress);
  for (const name of wanted) {
    progress(name);
    figures.push(...(await inHouse[name](house, counts)));
  }
  return figures;
};

const measure = async ({ only, counts }: BenchOptions): Promise<Figure[]> => {
  const figures: Figure[] = [];
  const wanted = measurements.filter((name) => only.includes(name));
  if (wanted.includes('parse')) {
    progress('parse');
    figures.push(...measureParsing(counts));
  }
  if (wanted.includes('crypto-store')) {
    progress('crypto-store');
    figures.push(...(await measureCryptoStore(counts)));
  }
  figures.push(...(await measurePlain(wanted.filter(isPlain), counts)));
  // After the other house is gone: two home servers would share what the machine can do.
  if (wanted.includes('encrypted')) figures.push(...(await measureEncrypted(counts, progress)));
  if (wanted.includes('cluster')) figures.push(...(await measureCluster(counts, progress)));
  if (wanted.includes('alerts')) figures.push(...(await measureAlerts(counts, progress)));
  return figures;
};

const save = (figures: readonly Figure[], isJudged: boolean): string => {
  const file = join(repository, '.lab/bench.json');
  const cpu = cpus();
  const machine = { cpus: cpu.length, model: cpu[0]?.model ?? '', memoryBytes: totalmem() };
  const report = {
    at: new Date().toISOString(),
    node: process.version,
    machine,
    isJudged,
    figures: figures.map((figure) => ({
      ...figure,
      ratio: ratioOf(figure),
      holds: missed(figure).length === 0,
    })),
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
};

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(helpText);
    return 0;
  }
  sweepRuns();
  await runProgram('npm', ['run', '-s', 'build'], { cwd: repository });
  const figures = await measure(options);
  process.stdout.write(table(figures, options.isJudged));
  save(figures, options.isJudged);
  if (!options.isJudged) return 0;
  const failures = figures.flatMap((figure) =>
    missed(figure).map((target) => `${figure.name}: not ${targetText(figure, target)}`),
  );
  for (const failure of failures) process.stderr.write(`missed: ${failure}\n`);
  return failures.length === 0 ? 0 : 1;
};

try {
  process.exit(await main());
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`${textOf(error)}\n`);
  process.exit(1);
}
