/**
 * `npm run docs`: writes the pages that are made of the commands, errors and alerts themselves. With
 * `--check` it writes nothing and fails where a page on the disk is not what they say.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ownPrograms } from '../src/cli/offline.ts';
import { commands } from '../src/commands/nouns/index.ts';
import { commandsPage } from './docs/commands-page.ts';
import { errorsPage } from './docs/errors-page.ts';
import {
  alertmanagerValuesPage,
  prometheusRulePage,
  runbookPage,
} from './docs/monitoring-pages.ts';

const pages: readonly (readonly [file: string, content: string])[] = [
  ['docs/commands.md', commandsPage(commands, ownPrograms)],
  ['docs/errors.md', errorsPage()],
  ['docs/runbook.md', runbookPage()],
  ['deploy/monitoring/prometheus-rule.yaml', prometheusRulePage()],
  ['deploy/monitoring/values-alertmanager.yaml', alertmanagerValuesPage()],
];
const check = process.argv.includes('--check');
for (const [file, content] of pages) {
  const present = existsSync(file) ? readFileSync(file, 'utf8') : null;
  if (present === content) continue;
  if (check) {
    process.stderr.write(`${file} is not what the source says: run \`npm run docs\`.\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, content);
    process.stdout.write(`${file} written\n`);
  }
}
