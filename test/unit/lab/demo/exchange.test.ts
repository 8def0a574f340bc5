import { describe, expect, it } from 'vitest';
import { failureLine, failuresIn, sayOne, type Desk } from '../../../lab/demo/exchange.ts';
import { HttpFailure } from '../../../lab/http.ts';

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

describe('a text that is no command', () => {
  it('is said in the room and not waited for', async () => {
    const sent: string[] = [];
    const send = (_room: string, text: string) => Promise.resolve(`$${sent.push(text)}`);
    const talk = { roomId: '!room:lab.test', person: { mark: () => 0, send } };
    const said = await sayOne(talk as unknown as Desk, 'hello');
    expect(said.outcome).toContain('no command');
    expect(sent).toEqual(['hello']);
    expect(failuresIn([said])).toEqual([said]);
  });
});

describe('a text that the home server does not take', () => {
  it('is told in one line, with its beginning', async () => {
    const text = `!user rename anna ${'x'.repeat(70_000)}`;
    const refusal = new HttpFailure({ path: '/send' }, 413, '{"errcode":"M_TOO_LARGE"}');
    const talk = {
      roomId: '!room:lab.test',
      person: {
        ...{ userId: '@anna:lab.test', mark: () => 0 },
        send: () => Promise.reject(refusal),
      },
    };
    const said = await sayOne(talk as unknown as Desk, text);
    expect(said.outcome).toContain('413 M_TOO_LARGE');
    const line = failureLine(said);
    expect(line).toContain('!user rename anna xxx');
    expect(line).not.toContain('\n');
    expect(line.length).toBeLessThan(400);
    expect(failuresIn([said])).toEqual([said]);
  });
});
