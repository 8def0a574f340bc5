import stringWidth from 'string-width';
import { codePointName, fateOf } from './character-fate.ts';
import { cutEnd, cutStart } from './shorten.ts';

const context = 30;
const marked = 30;

/**
 * The typed line that holds `start`, and `^~~~` below the place, for a font of fixed width (wide
 * characters take two columns). What can't be seen is left out or named, a long line is cut round
 * the place.
 */
export function excerpt(place: {
  readonly source: string;
  readonly start: number;
  readonly end: number;
}): string {
  const { source, start } = place;
  const from =
    Math.max(source.lastIndexOf('\n', start - 1), source.lastIndexOf('\r', start - 1)) + 1;
  const lineEnd = source.slice(start).search(/[\r\n\u2028\u2029]/u);
  const to = lineEnd === -1 ? source.length : start + lineEnd;
  const end = Math.min(Math.max(place.end, start), Math.max(to, start));
  const before = cutStart(visible(source.slice(from, start)), context);
  const middle = cutEnd(visible(source.slice(start, end)), marked);
  const after = cutEnd(visible(source.slice(end, to)), context);
  const pad = ' '.repeat(stringWidth(before));
  return `${before}${middle}${after}\n${pad}^${'~'.repeat(Math.max(0, stringWidth(middle) - 1))}`;
}

function visible(text: string): string {
  let shown = '';
  let before = '';
  for (const char of text) {
    const fate = fateOf(char, before);
    if (fate === 'drop') continue;
    before = fate === 'keep' ? char : ' ';
    shown += fate === 'refuse' ? `<${codePointName(char)}>` : before;
  }
  return shown;
}
