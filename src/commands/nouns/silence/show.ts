import { AppError } from '../../../core/errors.ts';
import { say } from '../../../core/text.ts';
import { defineRead } from '../../command.ts';
import { silenceFields, silenceId } from './found-silence.ts';

/** `silence show ID`: one of Alertmanager's silences, also one that is over, and what it covers now. */
export const silenceShow = defineRead({
  words: ['silence', 'show'],
  summary: 'silence.show.summary',
  role: 'viewer',
  surface: 'everywhere',
  needs: 'alerts',
  arguments: { id: { schema: silenceId, about: 'silence.argument.id' } },
  flags: {},
  uses: ['alerts'],
  examples: ['silence show 0b4c9a2e'],
  async *run({ alerts, signal }, { id }) {
    const all = (await alerts.silences(signal)).filter((each) => each.id.startsWith(id));
    // Of several that begin so, one in force is meant.
    const present = all.filter(({ state }) => state !== 'expired');
    const [silence, another] = present.length > 0 ? present : all;
    if (silence === undefined || another !== undefined) {
      throw new AppError('E_SILENCE_UNKNOWN', { silence: id });
    }
    const covers = silence.state === 'expired' ? 0 : await alerts.covered(silence.matchers, signal);
    yield { type: 'title', text: silence.id };
    yield {
      type: 'fields',
      fields: [
        {
          id: 'state',
          label: say('silence.field.state'),
          value: say(`silence.state.${silence.state}`),
        },
        { id: 'from', label: say('silence.field.from'), value: { moment: silence.startsAt } },
        ...silenceFields(silence),
        { id: 'covers', label: say('silence.field.covers'), value: covers },
      ],
    };
  },
});
