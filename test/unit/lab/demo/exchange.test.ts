import { describe, expect, it } from 'vitest';
import { failuresIn } from '../../../lab/demo/exchange.ts';

const said = (...all: readonly [string, string][]) =>
  all.map(([text, outcome]) => ({ text, outcome }));

describe('what the exit code of a script is made of', () => {
  it('is well when every command ended well', () => {
    expect(failuresIn(said(['!help', 'ok'], ['!user list', 'warning']))).toEqual([]);
  });

  it.each(['failed', 'refused', 'unknown', 'cancelled', 'no answer within 60 s', 'no outcome'])(
    'is not when one ended with %s',
    (outcome) => {
      expect(failuresIn(said(['!help', 'ok'], ['!x', outcome]))).toEqual(said(['!x', outcome]));
    },
  );

  it('is well with a question only if the next thing said answers it', () => {
    const asked = ['!user deactivate alice', 'question'] as const;
    expect(failuresIn(said([...asked], ['confirm', 'ok']))).toEqual([]);
    expect(failuresIn(said([...asked], ['!help', 'ok']))).toEqual(said([...asked]));
    expect(failuresIn(said([...asked]))).toEqual(said([...asked]));
  });
});
