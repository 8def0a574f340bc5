import { describe, expect, it } from 'vitest';
import { helpText, readOptions } from '../../../lab/demo/options.ts';
import { LabError } from '../../../lab/failure.ts';

describe('the command line of the demo', () => {
  it('takes any number of texts to say, in order', () => {
    const { say } = readOptions(['--say', '!help', '--say=!user list', '--say', 'confirm']);
    expect(say).toEqual(['!help', '!user list', 'confirm']);
  });

  it('asks at a prompt and in English unless told otherwise', () => {
    expect(readOptions([])).toEqual({
      ...{ say: [], language: 'en', full: false, alerts: false, help: false },
    });
    expect(readOptions(['--lang', 'zh']).language).toBe('zh');
    expect(readOptions(['--full']).full).toBe(true);
    expect(readOptions(['--alerts'])).toMatchObject({ alerts: true, full: false });
  });

  it.each([[['--sya', '!help']], [['!help']], [['--lang', 'de']], [['--say', ' ']], [['--say']]])(
    'refuses %j and says how to get help',
    (args) => {
      expect(() => readOptions(args)).toThrow(LabError);
      expect(() => readOptions(args)).toThrow(/npm run demo -- --help/);
    },
  );

  it('explains every option', () => {
    for (const option of [
      '--alerts',
      '--full',
      '--say TEXT',
      '--say confirm',
      '--lang LANG',
      '--help',
    ]) {
      expect(helpText).toContain(option);
    }
  });
});
