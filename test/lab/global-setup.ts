import { runProgram } from './program.ts';
import { repository } from './product.ts';
import { sweepRuns } from './run-folder.ts';
import { installSynapse } from './synapse/install.ts';
import { databaseTemplate } from './synapse/template.ts';

const progress = (text: string): void => {
  process.stderr.write(`lab: ${text}\n`);
};

/**
 * Before the integration tests, once: what is slow to make is made. `URTC_LAB_BUILT=1` says that
 * the product is built already (or that no test needs it).
 */
export const setup = async (): Promise<void> => {
  sweepRuns();
  await databaseTemplate(await installSynapse(progress), progress);
  if (process.env['URTC_LAB_BUILT'] === '1') return;
  progress('building the product');
  await runProgram('npm', ['run', '-s', 'build'], { cwd: repository });
};
