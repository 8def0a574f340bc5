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

/**
 * The catalogue's text of a key with its placeholders still in it; `count` chooses the plural form.
 * Placeholders are filled by our own code, so that data never goes through a template engine
 * (i18next would read `$t(…)` and `{{…}}` in it). An unknown key gives the key.
 */
export function template(key: string, language: Language, count: number | undefined): string {
  return byLanguage[language](key, {
    skipInterpolation: true,
    ...(count === undefined ? {} : { count }),
  });
}
