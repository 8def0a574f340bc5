/** `npm test`: everything that must hold before a change lands, cheapest first. */
import { mkdirSync, rmSync } from 'node:fs';
import { readResults, resultsFolder } from './checks/results.ts';
import { runStage, runStages, type Stage, type StageResult } from './checks/stage.ts';

const vitest = (name: string, projects: readonly [string, ...string[]]): Stage => ({
  name: `${name} tests`,
  command: [
    'vitest',
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${resultsFolder}/${name}.json`,
  ],
  quiet: false,
});

const quiet = (name: string, ...command: [string, ...string[]]): Stage => ({
  name,
  command,
  quiet: true,
});

/**
 * Half a minute of one processor that nobody waits for: it gets what the others leave, and those leave
 * much: the integration tests that take longest do little but wait. Prints its line when it ends. What
 * it keeps between runs is by the contents of what it read.
 */
const beside = [
  quiet(
    'format',
    ...['nice', '-n', '19', 'prettier', '--check', '.'],
    ...['--cache', '--cache-strategy=content', '--cache-location=.lab/format'],
  ),
];

const phases: readonly { readonly stages: readonly Stage[]; readonly width: number }[] = [
  {
    // The short ones first, then the unit tests on both Nodes, which take longest.
    width: 2,
    stages: [
      quiet('build', 'node', 'scripts/build.ts'),
      quiet('generated docs', 'node', 'scripts/docs.ts', '--check'),
      quiet('architecture arrows', 'depcruise', 'src', '--config', '.dependency-cruiser.cjs'),
      quiet('unused code', 'knip'),
      // One reading of all types for both. Collecting garbage less often saves a third of its time.
      quiet('lint and types', 'env', 'GOGC=400', 'oxlint'),
      quiet('unit tests on the lowest supported Node', 'node', 'scripts/test-lowest.ts'),
      vitest('unit', ['unit']),
    ],
  },
  {
    width: 1,
    stages: [vitest('integration', ['integration', 'plain'])],
  },
];

rmSync(resultsFolder, { recursive: true, force: true });
mkdirSync(resultsFolder, { recursive: true });
const results: StageResult[] = [];
// Where one has failed already, the integration tests need not start.
const besideEnded = (async (): Promise<void> => {
  for (const stage of beside) results.push(await runStage(stage));
})();
for (const phase of phases) {
  results.push(...(await runStages(phase.stages, phase.width)));
  if (results.some((each) => !each.passed)) break;
}
await besideEnded;
const tests = readResults(['unit', 'integration']);
const count = (wanted: (test: (typeof tests)[number]) => boolean): number =>
  tests.filter(wanted).length;
const failedStages = results.filter((each) => !each.passed).map((each) => each.stage.name);
if (failedStages.length > 0) process.stdout.write(`Failed: ${failedStages.join(', ')}\n`);
process.stdout.write(
  `${count((test) => test.passed)} passed, ${count((test) => !test.passed && !test.skipped)} failed, ${count((test) => test.skipped)} skipped\n`,
);
process.exitCode = failedStages.length === 0 ? 0 : 1;
