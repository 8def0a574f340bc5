import type { Text } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import { pieces } from '../../core/words/translate.ts';
import { looksLikeFlag } from '../parse/parts.ts';
import { visibleInline } from './visible.ts';

/** Where it is read: commands are written `!user add` in a room, `urtc user add` on a terminal. */
export type Place = 'room' | 'terminal';

/**
 * A stretch of text in one style. `code`: what stands between back-ticks of the catalogue. `link`: an
 * address of our own.
 */
export interface Run {
  readonly text: string;
  readonly code: boolean;
  readonly link?: true;
}

/** The start of a command line of ours, up to a word that is put in: from there on it is operands. */
const commandLine = /^(?:!|(?:sudo )?urtc )[a-z ]+ $/;

/**
 * A text as styled runs. Back-ticks of the catalogue switch `code` on and off; those in data are
 * data. A command line can be typed as it stands: a name that would be taken for a flag stands after
 * `--`. `show` makes data fit to be read, by default {@link visibleInline}.
 */
export function runsOf(
  text: Text,
  language: Language,
  place: Place,
  show: (data: string) => string = visibleInline,
): readonly Run[] {
  const runs: Run[] = [];
  const put = (run: Run): void => {
    const last = runs.at(-1);
    if (run.text === '') return;
    // Code stays in one piece; beside it, data stays apart from words.
    if (run.code && last?.code === true)
      runs[runs.length - 1] = { text: last.text + run.text, code };
    else runs.push(run);
  };
  let code = false;
  for (const piece of pieces(text, language)) {
    if (piece.kind === 'link') {
      put({ text: piece.text, code, link: true });
      continue;
    }
    if (piece.kind === 'data') {
      const line = code && runs.at(-1)?.code === true ? (runs.at(-1)?.text ?? '') : '';
      const isOperand = commandLine.test(line) && looksLikeFlag(piece.text);
      put({ text: `${isOperand ? '-- ' : ''}${show(piece.text)}`, code });
      continue;
    }
    for (const [index, part] of piece.text.split('`').entries()) {
      if (index > 0) code = !code;
      const opens = code && index > 0;
      const written =
        opens && place === 'terminal' ? part.replace(/^!(?=[a-z{]|$)/, 'urtc ') : part;
      put({ text: written, code });
    }
  }
  return runs;
}

/** Runs in one string, code in back-ticks. */
export function markCode(runs: readonly Run[]): string {
  let marked = '';
  let code = false;
  for (const run of runs) {
    marked += run.code === code ? run.text : `\`${run.text}`;
    code = run.code;
  }
  return code ? `${marked}\`` : marked;
}

/** A text in one string, code in back-ticks. */
export function plainOf(
  text: Text,
  language: Language,
  place: Place,
  show: (data: string) => string = visibleInline,
): string {
  return markCode(runsOf(text, language, place, show));
}
