import { dirname, resolve } from 'node:path';
import { nameOf } from '../commands/command-index.ts';
import { commands } from '../commands/nouns/index.ts';
import { problemReport } from '../commands/render/problem.ts';
import type { AppError } from '../core/errors.ts';
import type { Outcome, ReportNode } from '../core/report.ts';
import { say } from '../core/text.ts';
import { readSettings, settingsAsYaml } from '../platform/config/config.ts';
import type { Environment } from '../platform/config/secrets.ts';
import { checkAtCluster } from './config-check/at-cluster.ts';
import { checkAtHomeServer } from './config-check/at-home-server.ts';
import { checkMachine } from './config-check/on-this-machine.ts';

/** An answer of the terminal that needs no job. */
export interface Page {
  readonly outcome: Outcome;
  readonly nodes: readonly ReportNode[];
  readonly exitCode: number;
}

const names = (): readonly string[] => commands.map(nameOf);

function wrong(file: string, problems: readonly AppError[]): Page {
  const nodes = problems.flatMap((problem) => problemReport(problem));
  const count = problems.length;
  const text = say('cli.config-wrong', { file, count });
  return {
    outcome: 'failed',
    nodes: count === 1 ? nodes : [...nodes, { type: 'paragraph', text }],
    exitCode: problems[0]?.exitCode ?? 1,
  };
}

/**
 * `urtc config check`: everything that is wrong with the file, with this machine and, unless
 * `offline`, with what the home server and the cluster say of it. Throws where it can't be read as YAML.
 */
export async function checkConfig(
  file: string,
  environment: Environment,
  { offline }: { readonly offline: boolean },
): Promise<Page> {
  const result = readSettings(file, names());
  if (!result.ok) return wrong(file, result.problems);
  const { settings } = result;
  const { findings: local, ...tokens } = checkMachine(file, settings, environment);
  const remote = offline
    ? []
    : await Promise.all([
        checkAtHomeServer({ file, settings, ...tokens }),
        checkAtCluster(file, settings),
      ]);
  const findings = [...local, ...remote.flat()];
  const [first, ...others] = findings.flatMap((each) => (each.kind === 'error' ? each.error : []));
  const warnings = findings.flatMap((each) => (each.kind === 'warning' ? each : []));
  const notes = findings.flatMap((each) => (each.kind === 'note' ? each.text : []));
  if (offline) notes.push(say('config.offline'));
  if (offline && settings.kubernetes !== undefined) notes.push(say('config.offline-cluster'));
  const details: readonly ReportNode[] = [
    ...warnings.flatMap(({ text, next }): readonly ReportNode[] => [
      { type: 'outcome', outcome: 'warning', text },
      { type: 'hint', text: next },
    ]),
    ...notes.map((text): ReportNode => ({ type: 'hint', text })),
  ];
  if (first !== undefined) {
    const page = wrong(file, [first, ...others]);
    return { ...page, nodes: [...page.nodes, ...details] };
  }
  const outcome = warnings.length === 0 ? 'ok' : 'warning';
  const judged = say(outcome === 'ok' ? 'cli.config-right' : 'config.warned', { file });
  return {
    ...{ outcome, exitCode: 0 },
    nodes: [
      { type: 'outcome', outcome, text: judged },
      {
        type: 'fields',
        fields: [
          { id: 'homeserver', label: say('cli.config-homeserver'), value: settings.homeserver.url },
          { id: 'people', label: say('cli.config-people'), value: settings.people.length },
          {
            ...{ id: 'data', label: say('cli.config-data') },
            value: resolve(dirname(file), settings.dataDir),
          },
        ],
      },
      ...details,
    ],
  };
}

/** `urtc config show`: the settings with all defaults; secrets only as their places. */
export function showConfig(file: string): Page {
  const result = readSettings(file, names());
  if (!result.ok) return wrong(file, result.problems);
  const content = settingsAsYaml(result.settings);
  return { outcome: 'ok', exitCode: 0, nodes: [{ type: 'code', content, language: 'yaml' }] };
}
