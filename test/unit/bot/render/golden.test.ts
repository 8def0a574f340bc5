import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MatrixAnswer, renderMatrix } from '../../../../src/bot/render/matrix.ts';
import { renderPrompt } from '../../../../src/bot/render/prompt.ts';
import { languages } from '../../../../src/core/words/index.ts';
import { timeZone, useTimeZone } from '../../../../src/core/words/time-zone.ts';
import { noon, prompt, samples } from '../../commands/render/samples.ts';

// `npx vitest run --project unit test/unit/bot/render -u` writes the files anew; read the diff.
const before = timeZone();
beforeAll(() => useTimeZone('UTC'));
afterAll(() => useTimeZone(before));

function readable({ messages, files }: MatrixAnswer): string {
  const shown = messages.map(({ body, formattedBody }) => {
    const html = formattedBody.replace(/(<\/(?:p|h4|ul|pre)>)/g, '$1\n');
    return `== body\n${body}\n== formatted_body\n${html}`;
  });
  return [...shown, ...files.map((file) => `== file ${file.name} ${file.mimetype}\n`)].join('\n');
}

const golden = (name: string): string => join(import.meta.dirname, 'golden', `${name}.txt`);

for (const language of languages) {
  for (const [name, sample] of Object.entries(samples)) {
    if (name === 'question') continue; // worded for the terminal; the room's is below
    it(`shows "${name}" in the room as the golden file says (${language})`, async () => {
      const answer = renderMatrix(sample.nodes, language);
      await expect(readable(answer)).toMatchFileSnapshot(golden(`${name}.${language}`));
    });
  }

  it(`asks as the golden file says (${language})`, async () => {
    const job = { id: 'j3', line: 'user deactivate alice' };
    const { message, files } = renderPrompt(job, prompt, noon, language);
    const shown = readable({ messages: [message], files });
    await expect(shown).toMatchFileSnapshot(golden(`question.${language}`));
  });
}
