import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Progress } from '../cache.ts';
import { LabError } from '../failure.ts';
import { startMaking } from '../making.ts';
import { runProgram } from '../program.ts';
import { builtTool } from './build.ts';
import { tools, type Tool, type ToolName } from './tools.ts';

/** The path of every program that the Kubernetes lab runs. */
export type Programs = Readonly<Record<ToolName, string>>;

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
};

const isOfTheVersion = async (path: string, tool: Tool): Promise<boolean> => {
  try {
    return tool.fits.test(await runProgram(path, tool.ask));
  } catch (error) {
    if (error instanceof LabError) return false;
    throw error;
  }
};

/** `KUBEBUILDER_ASSETS` (envtest's convention), then the PATH. */
const foldersOf = (environment: NodeJS.ProcessEnv): string[] =>
  [environment['KUBEBUILDER_ASSETS'], ...(environment['PATH'] ?? '').split(delimiter)].filter(
    (folder): folder is string => folder?.startsWith('/') === true,
  );

/**
 * A program of the right version that the machine has already: in the folder that
 * `KUBEBUILDER_ASSETS` names, or on the PATH.
 */
export const ownTool = async (
  tool: Tool,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> => {
  for (const folder of foldersOf(environment)) {
    const path = join(folder, tool.name);
    if (isProgram(path) && (await isOfTheVersion(path, tool))) return path;
  }
  return undefined;
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
 * All programs of the Kubernetes lab. What the machine does not have is built: about 20 minutes on
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
