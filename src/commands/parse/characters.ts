import { codePointName, fateOf } from './character-fate.ts';
import { LineError } from './line-error.ts';

/** One character as the parser sees it; `start` and `end` are offsets in what was typed. */
export interface Character {
  readonly char: string;
  readonly start: number;
  readonly end: number;
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
