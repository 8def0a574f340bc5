import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { LabError } from '../../../lab/failure.ts';
import type { Desk } from '../../../lab/demo/exchange.ts';
import { talkAtTerminal } from '../../../lab/demo/prompt.ts';
import { createScreen } from '../../../lab/demo/screen.ts';
import { Stopped } from '../../../lab/demo/stopping.ts';

const seat = () => ({ input: new PassThrough(), output: new PassThrough() });
const person = { userId: '@anna:lab.test' };

/** Nothing is said here. */
const emptyHouse = new Proxy(
  {},
  {
    get: (_none, name) => {
      if (name === 'person') return person;
      throw new LabError(`the prompt wanted ${String(name)}`);
    },
  },
) as Desk;

it('tells why the prompt has gone when it was not the person who left', async () => {
  const terminal = seat();
  const stop = new AbortController();
  const talk = talkAtTerminal(
    emptyHouse,
    createScreen(terminal.output, true),
    stop.signal,
    terminal,
  );
  stop.abort('the bot has ended (SIGKILL)');
  await expect(talk).rejects.toThrow(new Stopped('the bot has ended (SIGKILL)'));
});

it('ends quietly when the person leaves', async () => {
  const terminal = seat();
  const { signal } = new AbortController();
  const talk = talkAtTerminal(emptyHouse, createScreen(terminal.output, true), signal, terminal);
  terminal.input.end();
  await expect(talk).resolves.toBeUndefined();
});
