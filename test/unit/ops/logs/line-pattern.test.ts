import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinePattern } from '../../../../src/ops/logs/pattern/line-pattern.ts';
import { PatternProblem } from '../../../../src/ops/logs/pattern/syntax.ts';
import { cpuMs } from '../../cpu-time.ts';
import { propertyRuns } from '../../property-runs.ts';

describe('what --grep looks for', () => {
  it('is a text whose case does not matter', () => {
    expect(new LinePattern('OOM (killed').matches('process oom (KILLED)')).toBe(true);
    expect(new LinePattern('a.c').matches('abc')).toBe(false);
  });

  it.each([
    '/error/',
    '/ERROR/i',
    '/^\\d{4}-\\d\\d-\\d\\d/',
    '/(GET|POST) \\/_matrix\\/client/',
    '/took [1-9]\\d{3,}ms$/',
    '/\\berror\\b/',
    '/\\Brror/',
    '/a{2,4}b?c+d*/',
    '/[^a-z\\s]+$/',
    '/(?:x|y|)z/',
    '/[\\]\\-a]/',
    '/(a*)*b/',
    '/^$/',
    '/äÖ/i',
    '/\\x41\\u0042/',
    '/./',
  ])('finds with %s what the engine of the language finds', (source) => {
    const [, body = '', flags = ''] = /^\/(.*)\/(i?)$/.exec(source) ?? [];
    const reference = new RegExp(body, flags);
    const mine = new LinePattern(source);
    const letters = fc.constantFrom(
      ...'abcdzxy019 -]_ERORerorGTPS/ms:ÄÖäöAB'.split(''),
      'error',
      'GET /_matrix/client',
      '2026-11-22',
      'took 1234ms',
    );
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 12 }), (parts) => {
        const line = parts.join('');
        expect(mine.matches(line)).toBe(reference.test(line));
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it.each(['/(a+)+$/', '/(a|a)*$/', '/(.*)*x(.*)*y/', '/a*a*a*a*a*a*a*b/', '/(a?){50}a{50}$/'])(
    'stays linear where a backtracking engine does not: %s',
    (source) => {
      const pattern = new LinePattern(source);
      const began = cpuMs();
      pattern.matches(`${'a'.repeat(4096)}!`);
      pattern.matches(`${'ab'.repeat(2048)}!`);
      expect(cpuMs() - began).toBeLessThan(500);
    },
  );

  it.each([
    ['/(?=x)/', 'logs.grep.looks'],
    ['/(a)\\1/', 'logs.grep.looks'],
    ['/(?<n>a)/', 'logs.grep.looks'],
    ['/a{1000}/', 'logs.grep.big'],
    ['/((a{100}){100}){100}/', 'logs.grep.big'],
    [`/${'('.repeat(60)}a${')'.repeat(60)}/`, 'logs.grep.big'],
    [`/${'a'.repeat(600)}/`, 'logs.grep.big'],
    ['/(a/', 'logs.grep.syntax'],
    ['/a)/', 'logs.grep.syntax'],
    ['/[a/', 'logs.grep.syntax'],
    ['/*a/', 'logs.grep.syntax'],
    ['/a**/', 'logs.grep.syntax'],
    ['/[z-a]/', 'logs.grep.syntax'],
    ['/a\\/', 'logs.grep.syntax'],
  ])('refuses %s', (source, why) => {
    const problem = (() => {
      try {
        return new LinePattern(source);
      } catch (error) {
        return error;
      }
    })();
    expect(problem).toBeInstanceOf(PatternProblem);
    expect(problem).toMatchObject({ why });
  });
});
