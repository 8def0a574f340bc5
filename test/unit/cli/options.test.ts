import { describe, expect, it } from 'vitest';
import { languageOfLocale, readCommandLine } from '../../../src/cli/options.ts';

const none = {
  json: false,
  yes: false,
  help: false,
  version: false,
  colour: true,
  config: null,
  language: null,
};

describe('the command line', () => {
  it.each([
    [['user', 'list'], {}, ['user', 'list']],
    [['user', '--json', 'list', '-y'], { json: true, yes: true }, ['user', 'list']],
    [['--config', 'a=b.yaml', 'jobs'], { config: 'a=b.yaml' }, ['jobs']],
    [['jobs', '--config=a=b.yaml', '--lang=zh'], { config: 'a=b.yaml', language: 'zh' }, ['jobs']],
    [['--no-color', '--help', 'user', 'add'], { colour: false, help: true }, ['user', 'add']],
    [['user', 'add', 'x', '--display-name', 'y'], {}, ['user', 'add', 'x', '--display-name', 'y']],
    [['help', '--', '--json', '--config'], {}, ['help', '--', '--json', '--config']],
    [[], {}, []],
  ])('%j', (argv, options, words) => {
    expect(readCommandLine(argv)).toEqual({ options: { ...none, ...options }, words });
  });

  it.each([
    [['--config'], 'E_FLAG_VALUE_MISSING'],
    [['--lang='], 'E_FLAG_VALUE_MISSING'],
    [['--lang', 'fr'], 'E_ARGUMENT_INVALID'],
    [['--lang', 'en', '--lang', 'zh'], 'E_FLAG_REPEATED'],
  ])('refuses %j', (argv, code) => {
    expect(() => readCommandLine(argv)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the language of the locale', () => {
  it.each([
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'en_GB' }, 'en'],
    [{ LANG: 'zh_CN', LC_ALL: '' }, 'zh'],
    [{ LANG: 'C.UTF-8' }, null],
    [{ LANG: 'de_DE' }, null],
    [{}, null],
  ])('%j', (environment, language) => {
    expect(languageOfLocale(environment)).toBe(language);
  });
});
