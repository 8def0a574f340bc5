import { z } from 'zod';
import type { Column } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import { writeMatcher } from '../../../platform/alertmanager/alertmanager-api.ts';
import { defineRead } from '../../command.ts';

const columns: readonly Column[] = [
  { id: 'id', label: say('silence.field.id') },
  { id: 'conditions', label: say('silence.field.conditions') },
  { id: 'state', label: say('silence.field.state') },
  { id: 'until', label: say('silence.field.until') },
  { id: 'by', label: say('silence.field.by') },
  { id: 'reason', label: say('silence.field.reason') },
];

/** `silence list [--all]`: those of Alertmanager, whoever made them; the first to end comes first. */
export const silenceList = defineRead({
  words: ['silence', 'list'],
  summary: 'silence.list.summary',
  role: 'viewer',
  surface: 'everywhere',
  needs: 'alerts',
  arguments: {},
  flags: { all: { schema: z.boolean(), about: 'silence.flag.all' } },
  uses: ['alerts'],
  examples: ['silence list', 'silence list --all'],
  async *run({ alerts, signal }, { all }) {
    const found = (await alerts.silences(signal)).filter(
      (silence) => all || silence.state !== 'expired',
    );
    yield { type: 'title', text: say('silence.list.title') };
    yield {
      type: 'table',
      id: 'silences',
      columns,
      rows: [...found]
        .sort((a, b) => a.endsAt - b.endsAt)
        .map((silence) => [
          silence.id,
          silence.matchers.map(writeMatcher).join(' '),
          say(`silence.state.${silence.state}`),
          { moment: silence.endsAt },
          silence.createdBy,
          silence.comment,
        ]),
    };
  },
});
