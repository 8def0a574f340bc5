import type { words as english } from './en/index.ts';

/** Languages that every text exists in. */
export const languages = ['en', 'zh'] as const;
/** `en`: English, `zh`: Simplified Chinese. */
export type Language = (typeof languages)[number];

type Base<Key> = Key extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : Key;

/**
 * A key of the word catalogue. Where English has `key_one` and `key_other` (i18next plurals), the
 * key is `key` and the phrase carries `count`.
 */
export type WordKey = Base<keyof typeof english>;

/**
 * What the Chinese file of an area must hold: every key of the English one except `_one`, because
 * Chinese has no singular (CLDR: its only plural category is `other`).
 */
export type Chinese<English> = Readonly<Record<Exclude<keyof English, `${string}_one`>, string>>;
