import type { Phrase, Text } from '../text.ts';
import { template } from './catalogue.ts';
import type { Language } from './index.ts';
import { spanPhrases, writeMoment, writeNumber, writeSize } from './values.ts';

/**
 * A stretch of translated text. `words` come from the catalogue and may hold back-ticks that mark
 * code; `data` was put in for a placeholder: it is never markup and not yet safe to show; `link` is an
 * address of our own.
 */
export interface Piece {
  readonly kind: 'words' | 'data' | 'link';
  readonly text: string;
}

const placeholder = /\{\{(\w+)\}\}/;

function ofPhrase(phrase: Phrase, language: Language): readonly Piece[] {
  const params = phrase.params ?? {};
  const count = params['count'];
  const text = template(phrase.key, language, typeof count === 'number' ? count : undefined);
  // With a capturing group, `split` gives words and placeholder names in turn.
  return text.split(placeholder).flatMap((part, index): readonly Piece[] => {
    if (index % 2 === 0) return part === '' ? [] : [{ kind: 'words', text: part }];
    const value = Object.hasOwn(params, part) ? params[part] : undefined;
    return value === undefined ? [{ kind: 'words', text: `{{${part}}}` }] : pieces(value, language);
  });
}

/**
 * What a person reads for this text, in pieces, so that a renderer can treat catalogue words and
 * data differently. Never throws: an unknown key or placeholder is shown as it stands.
 */
export function pieces(text: Text, language: Language): readonly Piece[] {
  if (text === null) return ofPhrase({ key: 'common.none' }, language);
  if (typeof text === 'string') return [{ kind: 'data', text }];
  if (typeof text === 'number') return [{ kind: 'data', text: writeNumber(text, language) }];
  if (typeof text === 'boolean')
    return ofPhrase({ key: text ? 'common.yes' : 'common.no' }, language);
  if ('moment' in text) return [{ kind: 'data', text: writeMoment(text.moment, language) }];
  if ('bytes' in text) return [{ kind: 'data', text: writeSize(text.bytes, language) }];
  if ('link' in text) return [{ kind: 'link', text: text.link }];
  if ('span' in text) {
    const written = spanPhrases(text.span).map((phrase) => translate(phrase, language));
    return [{ kind: 'data', text: written.join(' ') }];
  }
  return ofPhrase(text, language);
}

/** {@link pieces} as one string, as it stands: not escaped, not made safe for any medium. */
export function translate(text: Text, language: Language): string {
  return pieces(text, language)
    .map((piece) => piece.text)
    .join('');
}
