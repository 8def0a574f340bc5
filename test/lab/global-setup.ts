import { join } from 'node:path';
import { alertmanagerPrograms, alertmanagerVersions } from './alerts/alertmanager-program.ts';
import { prometheusPrograms } from './alerts/prometheus-program.ts';
import { goProgram } from './encrypted/go-program.ts';
import { LabError } from './failure.ts';
import { kubernetesPrograms } from './kubernetes/programs.ts';
import { keepCluster } from './kubernetes/shared.ts';
import { runProgram } from './program.ts';
import { repository } from './product.ts';
import { sweepRuns } from './run-folder.ts';
import { installSynapse } from './synapse/install.ts';
import { openNursery } from './synapse/nursery.ts';
import { databaseTemplate } from './synapse/template.ts';

const progress = (text: string): void => {
  process.stderr.write(`lab: ${text}\n`);
};

/** Without it only the tests that need it fail, and say why themselves. */
const make = async (what: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    progress(`${error.message}\nThe tests with ${what} will fail.`);
  }
};

/**
 * Before the integration tests, once: what is slow to make is made. `URTC_LAB_BUILT=1` says that
 * the product is built already (or that no test needs it). Afterwards the cluster that they share is
 * ended.
 */
export const setup = async (): Promise<() => Promise<void>> => {
  sweepRuns();
  // A sixth of what a start costs is compiling the same bundle again, and a run starts it hundreds of times.
  process.env['NODE_COMPILE_CACHE'] = join(repository, '.lab', 'compiled');
  const synapse = await installSynapse(progress);
  await databaseTemplate(synapse, progress);
  await make('a person on mautrix-go', () => goProgram(progress));
  await make('a cluster', () => kubernetesPrograms(progress));
  for (const version of alertmanagerVersions) {
    await make(`Alertmanager ${version}`, () => alertmanagerPrograms(progress, version));
  }
  await make('Prometheus', () => prometheusPrograms(progress));
  const closeNursery = await openNursery(synapse);
  const keeper = await keepCluster(progress);
  if (process.env['URTC_LAB_BUILT'] !== '1') {
    progress('building the product');
    await runProgram('npm', ['run', '-s', 'build'], { cwd: repository });
  }
  return async () => {
    await keeper.stop();
    await closeNursery();
  };
};
