import type { ReportNode } from '../core/report.ts';
import { say } from '../core/text.ts';
import { version } from '../core/version.ts';

/** `urtc version`, without bot or config. */
export function versionPage(): readonly ReportNode[] {
  return [
    {
      type: 'fields',
      fields: [
        { id: 'version', label: say('version.version'), value: version },
        { id: 'node', label: say('version.node'), value: process.versions.node },
      ],
    },
  ];
}
