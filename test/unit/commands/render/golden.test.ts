import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderJson } from '../../../../src/commands/render/json.ts';
import { renderTerminal } from '../../../../src/commands/render/terminal.ts';
import { languages } from '../../../../src/core/words/index.ts';
import { timeZone, useTimeZone } from '../../../../src/core/words/time-zone.ts';
import { samples } from './samples.ts';

// `npx vitest run --project unit test/unit/commands/render -u` writes the files anew; read the diff.
const golden = (name: string): string => join(import.meta.dirname, 'golden', name);

const before = timeZone();
beforeAll(() => useTimeZone('UTC'));
afterAll(() => useTimeZone(before));

for (const [name, sample] of Object.entries(samples)) {
  for (const language of languages) {
    it(`shows "${name}" on a terminal as the golden file says (${language})`, async () => {
      const page = renderTerminal(sample.nodes, language, { colour: false, width: 72 });
      await expect(page).toMatchFileSnapshot(golden(`${name}.${language}.terminal.txt`));
    });

    it(`prints "${name}" as JSON as the golden file says (${language})`, async () => {
      const line = renderJson(sample, language);
      const readable = `${JSON.stringify(JSON.parse(line), null, 2)}\n`.replace(
        /[\u007f-\u009f\u200b\u2028-\u202e\u2060-\u206f]/g,
        (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      await expect(readable).toMatchFileSnapshot(golden(`${name}.${language}.json.txt`));
    });
  }
}

it('paints with colour what it shows without', async () => {
  const nodes = Object.values(samples).flatMap((sample) => sample.nodes);
  const page = renderTerminal(nodes, 'en', { colour: true, width: 72 });
  await expect(page.replaceAll('\u001b', '<ESC>')).toMatchFileSnapshot(golden('colour.txt'));
});
