import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import type { Conversation } from '../../../src/cli/conversation.ts';
import { exitCodeOf } from '../../../src/cli/exit-code.ts';
import type { TerminalEvent } from '../../../src/cli/protocol.ts';
import { Screen } from '../../../src/cli/screen.ts';
import { talk } from '../../../src/cli/talk.ts';
import { problemReport } from '../../../src/commands/render/problem.ts';
import { someJob } from './terminal-desk.ts';

/** A terminal of streams, a conversation that the test leads, and Ctrl-C at will. */
function sit(options: { tty: boolean; json?: boolean } = { tty: true }) {
  const input = Object.assign(new PassThrough(), { isTTY: options.tty });
  const output = new PassThrough();
  const messages = Object.assign(new PassThrough(), { isTTY: options.tty });
  const screen = new Screen(
    { input, output, messages },
    { language: 'en', json: options.json ?? false, colour: false, environment: {} },
  );
  let tell: (event: TerminalEvent) => void = () => undefined;
  let end: () => void = () => undefined;
  let interrupt: () => void = () => undefined;
  const calls: string[] = [];
  const exits: number[] = [];
  const done = new Promise<void>((resolve) => (end = resolve));
  const conversation: Conversation = {
    confirm: (code) => {
      calls.push(`confirm ${code}`);
    },
    cancel: () => calls.push('cancel'),
    leave: () => calls.push('leave'),
    done,
  };
  const result = talk(
    (listener) => {
      tell = listener;
      return conversation;
    },
    screen,
    {
      onInterrupt: (listener) => {
        interrupt = listener;
        return () => undefined;
      },
      exit: (code) => exits.push(code),
    },
  );
  const read = (stream: PassThrough): string => String(stream.read() ?? '');
  return {
    screen,
    calls,
    exits,
    result,
    tell: (event: TerminalEvent) => tell(event),
    end: () => end(),
    interrupt: () => interrupt(),
    type: (text: string) => input.write(text),
    closeInput: () => input.end(),
    shown: () => read(output),
    noted: () => read(messages),
  };
}

const prompt: TerminalEvent = {
  type: 'prompt',
  job: someJob.id,
  code: 'k7m2',
  line: 'user deactivate bo',
  expiresAt: Date.now() + 60_000,
  reason: 'destroy',
  shown: [{ type: 'paragraph', text: 'Bo goes.' }],
};
const finish: TerminalEvent = {
  type: 'finish',
  job: someJob.id,
  command: 'user list',
  outcome: 'ok',
  report: [{ type: 'paragraph', text: 'All is well.' }],
};

describe('a conversation on a terminal', () => {
  it('shows the answer on stdout and exits with 0', async () => {
    const seat = sit();
    seat.tell({ type: 'working', job: someJob.id });
    seat.tell(finish);
    seat.end();
    expect(await seat.result).toBe(0);
    expect(seat.shown()).toContain('All is well.');
    expect(seat.noted()).toContain('jabcde');
  });

  it('shows no progress where nobody watches', async () => {
    const seat = sit({ tty: false });
    seat.tell({ type: 'working', job: someJob.id });
    seat.tell({ type: 'progress', job: someJob.id, text: 'half' });
    seat.tell(finish);
    seat.end();
    await seat.result;
    expect(seat.noted()).toBe('');
    expect(seat.screen.interactive).toBe(false);
  });

  it.each([
    ['y', 'confirm k7m2'],
    ['YES', 'confirm k7m2'],
    ['k7m2', 'confirm k7m2'],
    ['wrong', 'confirm wrong'],
    ['n', 'cancel'],
    ['', 'cancel'],
  ])('shows the plan, and the answer %j means %s', async (typed, call) => {
    const seat = sit();
    seat.tell(prompt);
    seat.type(`${typed}\n`);
    await vi.waitUntil(() => seat.calls.length === 1, 20_000);
    expect(seat.calls).toEqual([call]);
    const noted = seat.noted();
    expect(noted).toContain('Bo goes.');
    expect(noted).toContain('k7m2');
    expect(noted).toContain('n or Enter to leave it');
  });

  it('takes the end of input for no', async () => {
    const seat = sit();
    seat.tell(prompt);
    seat.closeInput();
    await vi.waitUntil(() => seat.calls.length === 1, 20_000);
    expect(seat.calls).toEqual(['cancel']);
  });

  it('asks again after a wrong code', async () => {
    const seat = sit();
    seat.tell(prompt);
    seat.type('wrong\n');
    await vi.waitUntil(() => seat.calls.length === 1, 20_000);
    seat.tell({ type: 'ask-again', error: new AppError('E_CONFIRM_WRONG_CODE') });
    seat.type('y\n');
    await vi.waitUntil(() => seat.calls.length === 2, 20_000);
    expect(seat.calls).toEqual(['confirm wrong', 'confirm k7m2']);
    expect(seat.noted()).toContain('E_CONFIRM_WRONG_CODE');
  });

  it('cancels at the first Ctrl-C and leaves at the second', () => {
    const seat = sit();
    seat.tell({ type: 'working', job: someJob.id });
    seat.interrupt();
    expect(seat.calls).toEqual(['cancel']);
    expect(seat.exits).toEqual([]);
    seat.interrupt();
    expect(seat.exits).toEqual([130]);
    expect(seat.noted()).toContain('urtc jobs');
  });

  it('answers in JSON, a refusal as well, and never asks then', async () => {
    const seat = sit({ tty: true, json: true });
    expect(seat.screen.interactive).toBe(false);
    const error = new AppError('E_TERMINAL_BUSY');
    seat.tell({ type: 'problem', error });
    seat.end();
    expect(await seat.result).toBe(69);
    expect(JSON.parse(seat.shown())).toMatchObject({
      outcome: 'failed',
      error: { code: 'E_TERMINAL_BUSY' },
    });
  });
});

describe('the exit code', () => {
  it('is that of the error that the answer tells, else that of the outcome', () => {
    const report = problemReport(new AppError('E_USER_UNKNOWN', { account: 'x' }));
    expect(exitCodeOf('failed', report)).toBe(64);
    expect(exitCodeOf('refused', problemReport(new AppError('E_ROLE_TOO_LOW')))).toBe(77);
    expect(exitCodeOf('failed', [])).toBe(1);
    expect(exitCodeOf('unknown', [])).toBe(75);
    expect(exitCodeOf('cancelled', [])).toBe(130);
    expect(exitCodeOf('warning', report)).toBe(0);
  });
});
