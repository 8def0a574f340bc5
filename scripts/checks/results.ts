import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Folder of the newest runs' machine-readable results, one file per vitest run. */
export const resultsFolder = join('.lab', 'results');

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          title: z.string(),
          status: z.enum(['passed', 'failed', 'skipped', 'pending', 'todo', 'disabled']),
        }),
      ),
    }),
  ),
});

/** One test of a run. `file` is relative to the repository. */
export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly passed: boolean;
  readonly skipped: boolean;
}

/** The tests of all result files (`unit.json`, `integration.json`, …) whose name is in `runs`. */
export function readResults(runs: readonly string[]): TestResult[] {
  return readdirSync(resultsFolder)
    .filter((file) => runs.includes(file.replace(/\.json$/, '')))
    .flatMap((file) => {
      const parsed = report.parse(JSON.parse(readFileSync(join(resultsFolder, file), 'utf8')));
      return parsed.testResults.flatMap((each) =>
        each.assertionResults.map((test) => ({
          file: each.name.slice(each.name.indexOf('/test/') + 1),
          name: test.fullName,
          passed: test.status === 'passed',
          skipped: test.status !== 'passed' && test.status !== 'failed',
        })),
      );
    });
}
