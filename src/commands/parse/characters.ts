import { codePointName, fateOf } from './character-fate.ts';
import { LineError, type Place } from './line-error.ts';

/** One character as the parser sees it; `start` and `end` are offsets in what was typed. */
export interface Character {
  readonly char: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The first mark that nobody sees and that was dropped between two characters of a stretch of a
 * line: what is shown there and what is read are two words. Marks around them came with copying, but
 * not those inside of quotes. Null: there is none.
 */
export function hiddenIn({ source, start, end }: Place): Place | null {
  const shown = charactersOf(source).filter((each) => each.start >= start && each.start < end);
  const at = shown.findIndex((each, i) => i > 0 && each.start > (shown[i - 1]?.end ?? 0));
  if (at === -1) return null;
  return { source, start: shown[at - 1]?.end ?? start, end: shown[at]?.start ?? end };
}

/** The characters of a typed line by the rules of {@link fateOf}. Throws `E_PARSE_CHARACTER`. */
export function charactersOf(source: string): readonly Character[] {
  const characters: Character[] = [];
  let before = '';
  let start = 0;
  for (const char of source) {
    const end = start + char.length;
    const fate = fateOf(char, before);
    if (fate === 'refuse') {
      const character = codePointName(char);
      throw new LineError('E_PARSE_CHARACTER', { character }, { source, start, end });
    }
    const secondOfPair = char === '\n' && source[start - 1] === '\r';
    if (fate !== 'drop' && !secondOfPair) {
      before = fate === 'space' ? ' ' : fate === 'break' ? '\n' : char;
      characters.push({ char: before, start, end });
    }
    start = end;
  }
  return characters;
}
