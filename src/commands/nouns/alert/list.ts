import { z } from 'zod';
import type { Column } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import { groupName } from '../../../ops/alerts/group-name.ts';
import { defineRead } from '../../command.ts';
import { alertTable, severityText } from './shown-alert.ts';

const columns: readonly Column[] = [
  { id: 'group', label: say('alert.field.id') },
  { id: 'name', label: say('alert.field.group') },
  { id: 'severity', label: say('alert.field.severity') },
  { id: 'firing', label: say('alert.field.count'), align: 'right' },
  { id: 'since', label: say('alert.field.since') },
];

/** More is not read on a phone. */
const most = 50;

/** `alert list [--all]`: by group; the alerts of one are shown by `alert show`. */
export const alertList = defineRead({
  words: ['alert', 'list'],
  summary: 'alert.list.summary',
  role: 'viewer',
  surface: 'everywhere',
  needs: 'alerts',
  arguments: {},
  flags: { all: { schema: z.boolean(), about: 'alert.flag.all' } },
  uses: ['alerts'],
  examples: ['alert list', 'alert list --all'],
  async *run({ alerts }, { all }) {
    await Promise.resolve();
    const groups = alerts.firing(most + 1);
    yield { type: 'title', text: say('alert.list.title') };
    yield {
      type: 'table',
      id: 'groups',
      none: say('alert.list.none'),
      columns,
      rows: groups
        .slice(0, most)
        .map(({ group, stored, severity, firing, since }) => [
          group,
          groupName(stored),
          severityText(severity),
          firing,
          { moment: since },
        ]),
    };
    if (all) yield alertTable(alerts.ended(most), ({ name }) => name);
    if (groups.length > most) yield { type: 'hint', text: say('alert.list.more', { limit: most }) };
  },
});
