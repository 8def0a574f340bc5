import { graphemes } from '../../commands/render/width.ts';
import type { Outcome, ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import { translate } from '../../core/words/translate.ts';
import { blocksOf } from './blocks-of.ts';
import { type MatrixMessage, messageOf } from './matrix.ts';

/** What the status message says. */
export interface StatusLine {
  readonly job: { readonly id: string; readonly line: string };
  /** ms since the epoch: since when it works. */
  readonly since: number;
  /** What it is doing now; null: nothing to tell yet. */
  readonly doing: Text | null;
  /** Null while it works; then how it ended (the answer itself is another message). */
  readonly outcome: Outcome | null;
}

/** Characters of a command line or step that a status shows; the answer has the whole. */
const longest = 160;
/** The same in code units: one character may consist of thousands. */
const longestUnits = 8 * longest;

function shorten(text: string): string {
  const head = text.slice(0, longestUnits);
  const cut = head.length < text.length;
  const characters = [...graphemes(head)];
  if (!cut && characters.length <= longest) return text;
  // The last one may have lost its end to the slice.
  const whole = cut ? characters.slice(0, -1) : characters;
  return `${whole.slice(0, longest).join('')}…`;
}

/** The status message in one or three short lines; long data is shortened and ends with `…`. */
export function renderStatus(status: StatusLine, language: Language): MatrixMessage {
  const { id: job } = status.job;
  const line = shorten(status.job.line);
  if (status.outcome !== null) {
    const ended: ReportNode = {
      type: 'outcome',
      outcome: status.outcome,
      text: say('status.ended', { line, job }),
    };
    return messageOf(blocksOf(ended, language));
  }
  const doing = status.doing === null ? null : shorten(translate(status.doing, language));
  const lines: readonly Text[] = [
    say('status.working', { line }),
    ...(doing === null ? [] : [say('status.step', { doing })]),
    say('status.since', { job, since: { moment: status.since } }),
  ];
  const nodes = lines.map((text): ReportNode => ({ type: 'paragraph', text }));
  const blocks = nodes.flatMap((node) => blocksOf(node, language));
  const all = blocks.flatMap((block) => block.lines);
  const [first = [], ...others] = all;
  return messageOf([
    { shape: 'paragraph', lines: [[{ text: '⏳ ', mark: 'plain' }, ...first], ...others] },
  ]);
}
