/** `npm run parity`: each row of docs/parity.md with the passing integration test that shows it. */
import { existsSync, readFileSync } from 'node:fs';
import { readResults, resultsFolder } from './checks/results.ts';

const rowPattern = /^\| (P\d+) \| (.+) \|$/gm;
const rows = [...readFileSync('docs/parity.md', 'utf8').matchAll(rowPattern)].map((match) => ({
  number: match[1] ?? '',
  behaviour: match[2] ?? '',
}));
const perTest = 3;

if (!existsSync(resultsFolder)) {
  process.stderr.write('No test results yet: run `npm test` first.\n');
  process.exit(66);
}
const numbersOf = (name: string): string[] =>
  name.match(/\[P\d+(?:[, ]+P\d+)*\]/g)?.flatMap((group) => group.match(/P\d+/g) ?? []) ?? [];
const tests = readResults(['integration']).filter((test) => numbersOf(test.name).length > 0);
const known = new Set(rows.map((row) => row.number));
const wrong = tests.filter((test) => {
  const numbers = numbersOf(test.name);
  return numbers.length > perTest || numbers.some((number) => !known.has(number));
});
for (const test of wrong) {
  process.stderr.write(`A test may carry ${perTest} rows, all of them known: ${test.name}\n`);
}
const showing = (number: string): string | undefined =>
  tests.find((test) => test.passed && numbersOf(test.name).includes(number))?.name;
for (const row of rows) {
  const name = showing(row.number);
  process.stdout.write(`${name === undefined ? '·' : '✔'} ${row.number} ${row.behaviour}\n`);
  if (name !== undefined) process.stdout.write(`    ${name}\n`);
}
const shown = rows.filter((row) => showing(row.number) !== undefined).length;
process.stdout.write(`${shown} of ${rows.length} rows shown\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
