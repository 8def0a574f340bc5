import { nameOf } from '../commands/command-index.ts';
import { commands } from '../commands/nouns/index.ts';
import { problemReport } from '../commands/render/problem.ts';
import { AppError } from '../core/errors.ts';
import type { Outcome, ReportNode } from '../core/report.ts';
import { say } from '../core/text.ts';
import { loadConfig, readSettings, settingsAsYaml } from '../platform/config/config.ts';
import type { Environment } from '../platform/config/secrets.ts';

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

/** A user who may read the config but not its secrets can still check the rest. */
function mayNotRead(error: unknown): boolean {
  if (!(error instanceof AppError) || error.code !== 'E_SECRET_UNREADABLE') return false;
  return error.params['reason'] === 'EACCES';
}

/** `urtc config check`: everything that is wrong with the file. Throws where it can't be read as YAML. */
export function checkConfig(file: string, environment: Environment): Page {
  const result = readSettings(file, names());
  if (!result.ok) return wrong(file, result.problems);
  const { settings } = result;
  const notes: ReportNode[] = [];
  try {
    loadConfig(file, environment, names());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (!mayNotRead(error)) return wrong(file, [error]);
    notes.push({ type: 'hint', text: say('cli.config-not-read') });
  }
  return {
    outcome: 'ok',
    exitCode: 0,
    nodes: [
      { type: 'outcome', outcome: 'ok', text: say('cli.config-right', { file }) },
      {
        type: 'fields',
        fields: [
          { id: 'homeserver', label: say('cli.config-homeserver'), value: settings.homeserver.url },
          { id: 'people', label: say('cli.config-people'), value: settings.people.length },
          { id: 'data', label: say('cli.config-data'), value: settings.dataDir },
        ],
      },
      ...notes,
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
