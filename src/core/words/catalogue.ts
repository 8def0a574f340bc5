import i18next from 'i18next';
import { words as english } from './en/index.ts';
import type { Language } from './index.ts';
import { words as chinese } from './zh/index.ts';

const catalogue = i18next.createInstance();
// Ready when this returns: `initAsync: false` with the resources at hand. Both languages are here
// from the start; together they are smaller than one stack trace's worth of loading code.
void catalogue.init({
  initAsync: false,
  lng: 'en',
  fallbackLng: 'en',
  ns: 'words',
  defaultNS: 'words',
  resources: { en: { words: english }, zh: { words: chinese } },
  // Keys hold dots and texts hold colons.
  keySeparator: false,
  nsSeparator: false,
});

const byLanguage = { en: catalogue.getFixedT('en'), zh: catalogue.getFixedT('zh') };

/** Texts already looked up; as many as the code has keys. A look-up takes i18next 10–20 µs. */
const known: Readonly<Record<Language, Map<string, string>>> = { en: new Map(), zh: new Map() };

/**
 * The catalogue's text of a key with its placeholders still in it; `count` chooses the plural form.
 * Placeholders are filled by our own code, so that data never goes through a template engine
 * (i18next would read `$t(…)` and `{{…}}` in it). An unknown key gives the key.
 */
export function template(key: string, language: Language, count: number | undefined): string {
  const look = byLanguage[language];
  if (count !== undefined) return look(key, { skipInterpolation: true, count });
  const before = known[language].get(key);
  if (before !== undefined) return before;
  const text = look(key, { skipInterpolation: true });
  known[language].set(key, text);
  return text;
}
