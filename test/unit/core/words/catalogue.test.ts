import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../../../src/core/error-catalogue.ts';
import { words as english } from '../../../../src/core/words/en/index.ts';
import { words as chinese } from '../../../../src/core/words/zh/index.ts';
import { settingsSchema } from '../../../../src/platform/config/schema.ts';

type Words = Readonly<Record<string, string>>;
const catalogues: Readonly<Record<'en' | 'zh', Words>> = { en: english, zh: chinese };
const root = join(import.meta.dirname, '../../../..');
const wordsFolder = join(root, 'src/core/words');

const placeholders = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{\{(.*?)\}\}/g)].map((match) => match[1] ?? ''))].sort();
const stem = (key: string): string => key.replace(/_(one|other)$/, '');
const keysWith = (end: string, words: Words): readonly string[] =>
  Object.keys(words).filter((key) => key.endsWith(end));

/** All sources of the product but the words themselves, which would name every key. */
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/core\/words\/(en|zh)\//.test(name))
  .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
  .join('\n');
const literals = new Set([...sources.matchAll(/(['"`])([\w.-]+)\1/g)].map((match) => match[2]));
/** Beginnings and ends of keys that are put together, as in `outcome.${outcome}`. */
const heads = [...sources.matchAll(/`([\w-]+(?:\.[\w-]+)*\.)\$\{/g)].map((m) => m[1] ?? '');

describe('the catalogue of words', () => {
  it('holds the same keys in both languages, Chinese without singulars', () => {
    const expected = Object.keys(english).filter((key) => !key.endsWith('_one'));
    expect(Object.keys(chinese).sort()).toEqual(expected.sort());
  });

  it('has each area in both languages and every key in one area only', async () => {
    for (const language of ['en', 'zh'] as const) {
      const files = readdirSync(join(wordsFolder, language)).filter((name) => name !== 'index.ts');
      expect(files.sort()).toEqual(
        readdirSync(join(wordsFolder, 'en'))
          .filter((name) => name !== 'index.ts')
          .sort(),
      );
      const seen = new Map<string, string>();
      for (const file of files) {
        const area = (await import(join(wordsFolder, language, file))) as Record<string, Words>;
        for (const key of Object.values(area).flatMap((words) => Object.keys(words))) {
          expect(seen.get(key), `${key} stands in ${file} too`).toBeUndefined();
          seen.set(key, file);
        }
      }
      const listed = Object.keys(catalogues[language]);
      expect([...seen.keys()].sort(), `areas listed in ${language}/index.ts`).toEqual(
        listed.sort(),
      );
    }
  });

  it('names the unit that is shipped wherever it names one', () => {
    const shipped = readdirSync(join(root, 'deploy/systemd')).map((name) =>
      name.replace(/\.service$/, ''),
    );
    // K3s's installer makes that one.
    const units = [...shipped, 'k3s'];
    const named = Object.values(catalogues).flatMap((words) =>
      Object.values(words).flatMap((text) =>
        [...text.matchAll(/systemctl (?:[a-z-]+ )+?([\w@-]+)(?=`)/g)].map((found) => found[1]),
      ),
    );
    expect(named.length).toBeGreaterThan(0);
    for (const unit of named) expect(units).toContain(unit);
  });

  it('names settings that there are', () => {
    const settings = Object.keys(settingsSchema.shape);
    const named = Object.values(english).flatMap((text) =>
      [...text.matchAll(/(?:under|as|at) `([\w.]+)`(?= in the config file)/g)].map(
        ([, name = '']) => name.replace(/\..*/, ''),
      ),
    );
    expect(named.length).toBeGreaterThan(1);
    for (const name of named) expect(settings).toContain(name);
  });

  it('has equal placeholders in both languages, all of the plain form {{name}}', () => {
    for (const [key, text] of Object.entries(chinese as Words)) {
      expect(placeholders(text), key).toEqual(placeholders(catalogues.en[key] ?? ''));
      for (const name of placeholders(text)) expect(name, key).toMatch(/^\w+$/);
    }
  });

  it('has the plural forms that each language has (CLDR), and a count in them', () => {
    for (const [language, forms] of [
      ['en', ['one', 'other']],
      ['zh', ['other']],
    ] as const) {
      const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      expect([...known].sort()).toEqual(forms);
      const words = catalogues[language];
      for (const key of [...keysWith('_one', words), ...keysWith('_other', words)]) {
        for (const form of forms) expect(Object.keys(words)).toContain(`${stem(key)}_${form}`);
        expect(Object.keys(words), 'a plural and a plain form').not.toContain(stem(key));
      }
    }
    for (const key of keysWith('_one', english)) {
      const plural = placeholders(catalogues.en[`${stem(key)}_other`] ?? '');
      expect(plural, key).toContain('count');
      expect(plural, key).toEqual(
        expect.arrayContaining([...placeholders(catalogues.en[key] ?? '')]),
      );
    }
  });

  it.each(['en', 'zh'] as const)('has clean texts in %s', (language) => {
    for (const [key, text] of Object.entries(catalogues[language])) {
      expect(text.trim(), `${key} is empty`).not.toBe('');
      expect(text, `${key} holds an HTML tag`).not.toMatch(/<\/?[a-z][^>]*>/i);
      expect(text, `${key} holds an entity`).not.toMatch(/&\w+;/);
      expect(text, `${key} holds a control character`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(text.split('`').length % 2, `${key} has an open back-tick`).toBe(1);
    }
  });

  it('was translated: where both languages are alike, there is nothing to translate', () => {
    for (const [key, text] of Object.entries(chinese as Words)) {
      if (text !== catalogues.en[key]) continue;
      const words = text.replace(/\{\{\w+\}\}|`[^`]*`|--[\w-]+|\b(urtc|Synapse|Matrix)\b/g, '');
      expect(words, key).not.toMatch(/[a-z]{4,}/);
    }
  });

  it('calls the home server by one Chinese word, which no machine has', () => {
    const ofHomeServer = Object.entries<string>(english).filter(([, text]) =>
      /home server/i.test(text),
    );
    const otherwise = ofHomeServer.filter(([key]) => {
      const text = Object.entries<string>(chinese).find(([each]) => each === key)?.[1] ?? '';
      return text.includes('服务器') && !text.includes('主服务器');
    });
    expect(otherwise).toEqual([]);
  });

  it('explains every error of the catalogue and no other', () => {
    const codes = Object.keys(errorCatalogue);
    const explained = Object.keys(english).filter((key) => /^E_[A-Z_]+(\.next)?$/.test(key));
    expect(explained.sort()).toEqual(codes.flatMap((code) => [code, `${code}.next`]).sort());
  });

  it('holds no key that no source uses', () => {
    const unused = [...new Set(Object.keys(english).map(stem))].filter(
      (key) =>
        !literals.has(key) &&
        !heads.some((head) => key.startsWith(head)) &&
        !Object.hasOwn(errorCatalogue, key.replace(/\.next$/, '')),
    );
    expect(unused).toEqual([]);
  });
});
