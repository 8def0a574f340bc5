import { expect, it } from 'vitest';
import { stepList, stepWords } from '../../../../src/commands/jobs/step-words.ts';
import { commands } from '../../../../src/commands/nouns/index.ts';
import { steps } from '../../../../src/core/words/en/steps.ts';
import { languages } from '../../../../src/core/words/index.ts';
import { translate } from '../../../../src/core/words/translate.ts';

const names = commands.flatMap((command) =>
  command.effect === 'read' ? [] : command.steps.map(({ name }) => name),
);

it('every step of every command has words for people, in both languages', () => {
  expect(names.filter((name) => stepWords(name) === name)).toEqual([]);
  for (const language of languages) {
    expect(names.filter((name) => translate(stepWords(name), language) === name)).toEqual([]);
  }
});

it('no words are left of a step that is gone', () => {
  const keys = names.map((name) => `step.${name}`);
  expect(Object.keys(steps).filter((key) => !keys.includes(key))).toEqual([]);
});

it('lists them in the reader’s language, and a name that nobody knows as it is', () => {
  const list = stepList(['seal', 'make-account', 'of-tomorrow']);
  expect(translate(list, 'en')).toBe(
    'make a secret and its one-time code, make the account, of-tomorrow',
  );
  expect(translate(list, 'zh')).toBe('生成机密及其一次性代码、创建帐户、of-tomorrow');
  expect(stepList([])).toBe('');
  expect(translate(stepWords('postgres'), 'zh')).toBe('PostgreSQL');
});
