import type { Text } from '../text.ts';
import type { Language } from './index.ts';

/**
 * A stretch of translated text. `words` come from the catalogue and may hold back-ticks that mark
 * code; `data` was put in for a placeholder: it is never markup and not yet safe to show.
 */
export interface Piece {
  readonly kind: 'words' | 'data';
  readonly text: string;
}

/**
 * What a person reads for this text, in pieces, so that a renderer can treat catalogue words and
 * data differently. Never throws: an unknown key or placeholder is shown as it stands.
 */
export function pieces(text: Text, language: Language): readonly Piece[] {
  throw new Error(`not written yet ${JSON.stringify(text)} ${language}`);
}

/** {@link pieces} as one string, as it stands: not escaped, not made safe for any medium. */
export function translate(text: Text, language: Language): string {
  return pieces(text, language)
    .map((piece) => piece.text)
    .join('');
}
