import type { Plugin } from 'rolldown';

/**
 * What `string-width` makes while it is loaded, and what is put in its place: both read large tables of
 * Unicode, together 25 ms of each start of the product, and most starts measure no wide text.
 */
const replacements: readonly (readonly [found: string, late: string])[] = [
  [
    'const segmenter = new Intl.Segmenter();',
    'let made; const segmenter = { segment: (text) => (made ??= new Intl.Segmenter()).segment(text) };',
  ],
  [
    String.raw`const rgiEmojiRegex = /^\p{RGI_Emoji}$/v;`,
    String.raw`const rgiEmojiRegex = { test: (text) => /^\p{RGI_Emoji}$/v.test(text) };`,
  ],
];

/** Has `string-width` make its tables when it measures something. Throws where it has become another. */
export function lateUnicode(): Plugin {
  return {
    name: 'late-unicode',
    transform: {
      filter: { id: /node_modules[/\\]string-width[/\\]index\.js$/ },
      handler(code, id) {
        let late = code;
        for (const [found, instead] of replacements) {
          if (late.split(found).length !== 2) throw new Error(`${id} has no longer: ${found}`);
          late = late.replace(found, () => instead);
        }
        return late;
      },
    },
  };
}
