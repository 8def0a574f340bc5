import { expect, it } from 'vitest';
import { measurements, readOptions } from '../../bench/options.ts';

it('measures and judges everything unless told otherwise', () => {
  expect(readOptions([])).toMatchObject({ only: measurements, isJudged: true, help: false });
});

it('measures in full what the issue asks for', () => {
  const { counts } = readOptions([]);
  expect(counts).toMatchObject({ ledgerRows: 100_000, messages: 10_000 });
  expect(counts.latencyTurns * 10).toBeGreaterThanOrEqual(100);
});

it('judges nothing by small counts', () => {
  expect(readOptions(['--quick', '--only', 'parse', '--only', 'ready'])).toMatchObject({
    only: ['parse', 'ready'],
    isJudged: false,
  });
});

it.each([[['--only', 'speed']], [['parse']], [['--fast']]])('refuses %j', (args) => {
  expect(() => readOptions(args)).toThrow(/npm run bench -- --help/);
});
