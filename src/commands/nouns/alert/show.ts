import { say } from '../../../core/text.ts';
import { alertName, groupName } from '../../../ops/alerts/group-name.ts';
import { defineRead } from '../../command.ts';
import { alertFields, alertTable } from './shown-alert.ts';
import { silencedNodes } from './silenced.ts';
import { alertTarget } from './target.ts';

const most = 100;

/** `alert show ID`: of a group what fires and what ended within a day, of an alert all that is known. */
export const alertShow = defineRead({
  words: ['alert', 'show'],
  summary: 'alert.show.summary',
  role: 'viewer',
  surface: 'everywhere',
  needs: 'alerts',
  arguments: { target: { schema: alertTarget, about: 'alert.argument.target' } },
  flags: {},
  uses: ['alerts'],
  examples: ['alert show g0123456789', 'alert show 0123456789abcdef'],
  async *run({ alerts, signal }, { target }) {
    if (!target.startsWith('g')) {
      const [newest] = alerts.ofFingerprint(target, 1);
      yield* alertFields(newest);
      yield* await silencedNodes(alerts, newest.state === 'firing' ? [newest] : [], signal);
      return;
    }
    const { stored, firing, ended } = alerts.group(target, most);
    yield { type: 'title', text: groupName(stored) };
    yield {
      type: 'fields',
      fields: [
        { id: 'group', label: say('alert.field.id'), value: stored.id },
        { id: 'receiver', label: say('alert.field.receiver'), value: stored.receiver },
      ],
    };
    yield* await silencedNodes(alerts, firing, signal);
    yield alertTable([...firing, ...ended], (incident) => alertName(incident, stored));
  },
});
