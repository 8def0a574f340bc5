import { join } from 'node:path';
import { alertmanagerPrograms, alertmanagerVersions } from './alerts/alertmanager-program.ts';
import { prometheusPrograms } from './alerts/prometheus-program.ts';
import { goProgram } from './encrypted/go-program.ts';
import { LabError } from './failure.ts';
import { kubernetesPrograms } from './kubernetes/programs.ts';
import { keepCluster } from './kubernetes/shared.ts';
import { startMaking } from './making.ts';
import { runProgram } from './program.ts';
import { repository } from './product.ts';
import { sweepRuns } from './run-folder.ts';
import { installSynapse, type Installation } from './synapse/install.ts';
import { openNursery } from './synapse/nursery.ts';
import { databaseTemplate } from './synapse/template.ts';

const progress = (text: string): void => {
  process.stderr.write(`lab: ${text}\n`);
};

/** Whether it is there. Without it only the tests that need it fail, and say why themselves. */
const make = async (what: string, work: () => Promise<unknown>): Promise<boolean> => {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    progress(`${error.message}\nThe tests with ${what} will fail.`);
    return false;
  }
};

/** Makes all that takes long, one after the other: most of it takes all cores by itself. */
const makeAll = async (): Promise<Installation> => {
  const making = startMaking(progress);
  const tell = making.progress;
  const synapse = await installSynapse(tell);
  await databaseTemplate(synapse, tell);
  const made = [
    await make('a person on mautrix-go', () => goProgram(tell)),
    await make('a cluster', () => kubernetesPrograms(tell)),
  ];
  for (const version of alertmanagerVersions) {
    made.push(await make(`Alertmanager ${version}`, () => alertmanagerPrograms(tell, version)));
  }
  made.push(await make('Prometheus', () => prometheusPrograms(tell)));
  const isWhole = made.every(Boolean);
  making.done(isWhole ? 'everything that the lab needs is made' : 'what could be made is made');
  return synapse;
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
  const synapse = await makeAll();
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
