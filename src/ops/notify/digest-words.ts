import { say, type Text } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import { translate } from '../../core/words/translate.ts';
import { severityAt } from '../alerts/severity.ts';
import type { Due } from './out-of-band.ts';
import type { Unheard } from './unheard.ts';

/** What the words are made of. */
export interface DigestView {
  /** The home server's name. */
  readonly server: string;
  /** What people can't read in the room now. */
  readonly unheard: Unheard;
  /** How many messages were sent that had waited. */
  readonly delivered: number;
  /** When the watchdog last came, ms since the epoch; null: never. */
  readonly watchdogSeenAt: number | null;
  /** ms since the epoch. */
  readonly now: number;
}

/** More groups are counted, not named. */
const mostNamed = 15;

/** The words of one message for all that is due. */
export function digestWords(
  due: readonly Due[],
  view: DigestView,
  language: Language,
): { readonly title: string; readonly lines: readonly string[] } {
  const write = (text: Text): string => translate(text, language);
  const [first] = due;
  const title = first === undefined ? '' : write(titleOf(first, view.server));
  const lines = due.flatMap((each) => linesOf(each, view));
  const isTrouble = due.some(({ what }) => what !== 'over');
  const all = isTrouble ? [...lines, ...alertLines(view.unheard), say('notify.hint')] : lines;
  return { title, lines: all.map(write) };
}

function titleOf({ trouble: { subject }, what }: Due, server: string): Text {
  switch (what) {
    case 'begun':
      return say(`notify.title.${subject}`, { server });
    case 'reminder':
      return say('notify.title.still', { title: say(`notify.title.${subject}`, { server }) });
    case 'over':
      return say(`notify.title.${subject}-over`, { server });
    default:
      return what satisfies never;
  }
}

function linesOf({ trouble: { subject, since, overAt }, what }: Due, view: DigestView): Text[] {
  const { unheard, delivered, watchdogSeenAt, now } = view;
  if (subject === 'watchdog') {
    const seen = { moment: watchdogSeenAt ?? since };
    return [say(what === 'over' ? 'notify.watchdog-over' : 'notify.watchdog', { seen })];
  }
  const span = { span: Math.max(0, (overAt ?? now) - since) };
  const at = { moment: since };
  if (what !== 'over') {
    return [
      say('notify.matrix', { since: at, span }),
      say('notify.waiting', { count: unheard.messages }),
    ];
  }
  return [
    say('notify.matrix-over', { since: at, span }),
    say('notify.delivered', { count: delivered }),
  ];
}

function alertLines({ groups, alerts }: Unheard): Text[] {
  if (groups.length === 0) return [];
  const named = groups.slice(0, mostNamed);
  const more = groups.length - named.length;
  return [
    say('notify.firing', { count: alerts }),
    ...named.map(({ name, severity, count }) =>
      say('notify.group', {
        ...{ name, alerts: count },
        severity: say(`alert.severity.${severityAt(severity)}`),
      }),
    ),
    ...(more === 0 ? [] : [say('notify.more', { count: more })]),
  ];
}
