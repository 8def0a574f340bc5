import type { Progress } from '../cache.ts';
import { startMaking } from '../making.ts';
import { foldersOnPath, ownProgram } from '../own-program.ts';
import { builtTool } from './build.ts';
import { tools, type Tool, type ToolName } from './tools.ts';

/** The path of every program that the Kubernetes lab runs. */
export type Programs = Readonly<Record<ToolName, string>>;

/**
 * A program of the right version that the machine has already: in the folder that
 * `KUBEBUILDER_ASSETS` names (envtest's convention), or on the PATH.
 */
export const ownTool = async (
  tool: Tool,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> => {
  const assets = environment['KUBEBUILDER_ASSETS'] ?? '';
  const folders = assets.startsWith('/') ? [assets] : [];
  return ownProgram(tool, [...folders, ...foldersOnPath(environment)]);
};

const find = async (progress: Progress): Promise<Programs> => {
  const making = startMaking(progress);
  const found = async (name: ToolName): Promise<string> =>
    (await ownTool(tools[name])) ?? (await builtTool(tools[name], making.progress));
  // One after the other: each build takes all cores by itself.
  const programs: Programs = {
    kubeApiserver: await found('kubeApiserver'),
    kubeControllerManager: await found('kubeControllerManager'),
    kubeScheduler: await found('kubeScheduler'),
    kine: await found('kine'),
    kwok: await found('kwok'),
    helm: await found('helm'),
    metricsServer: await found('metricsServer'),
  };
  making.done('the cluster’s programs are made');
  return programs;
};

let programs: Promise<Programs> | undefined;

/**
 * All programs of the Kubernetes lab. What the machine does not have is built: about 12 minutes on
 * two cores the first time, later some milliseconds.
 *
 * @throws LabError with cause and next step.
 */
export const kubernetesPrograms = (
  progress: Progress = (text) => void process.stderr.write(`lab: ${text}\n`),
): Promise<Programs> => {
  programs ??= find(progress);
  return programs;
};
