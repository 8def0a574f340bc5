import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { Secret } from '../../../src/core/secret.ts';
import { converseRemotely, reachBot } from '../../../src/cli/remote.ts';
import { connectionLimit, openTerminals, socketPath } from '../../../src/cli/sockets/listen.ts';
import type { Request, TerminalEvent } from '../../../src/cli/protocol.ts';
import {
  HandDispatcher,
  keptLog,
  openDesk,
  RawTerminal,
  requestLine,
  someJob,
} from './terminal-desk.ts';

const request: Request = {
  type: 'request',
  protocol: 1,
  words: ['user', 'list'],
  language: 'zh',
  login: 'anna',
  yes: true,
  interactive: false,
};

async function remote(folder: string) {
  const reached = await reachBot(folder);
  if (reached.state !== 'connected') throw new Error(reached.state);
  const events: TerminalEvent[] = [];
  const conversation = converseRemotely(reached.socket, request, (event) => events.push(event));
  return { conversation, events, rank: reached.rank };
}

describe('a command through a socket', () => {
  it('comes to the dispatcher with the rank of the socket and is answered with all nodes', async () => {
    const dispatcher = new HandDispatcher();
    const { folder } = await openDesk(dispatcher, [{ rank: 'operator', groupId: null }]);
    const { conversation, events } = await remote(folder);
    await vi.waitUntil(() => dispatcher.submitted.length === 1, 20_000);
    expect(dispatcher.submitted[0]).toMatchObject({
      words: ['user', 'list'],
      actor: { kind: 'local', login: 'anna', rank: 'operator' },
      language: 'zh',
      yes: true,
      interactive: false,
    });
    dispatcher.surface?.working(someJob);
    dispatcher.surface?.progress(someJob, { key: 'common.yes' });
    dispatcher.finish([
      { type: 'file', name: 'a.bin', mimetype: 'x/y', content: new Uint8Array([0, 255, 10]) },
      { type: 'secret', id: 'password', label: 'Password', value: new Secret('hunter2hunter2') },
      { type: 'outcome', outcome: 'ok', text: { key: 'outcome.ok' } },
    ]);
    await conversation.done;
    expect(events.map((event) => event.type)).toEqual(['working', 'progress', 'finish']);
    const last = events.at(-1);
    if (last?.type !== 'finish') throw new Error('no finish');
    const [file, secret, outcome] = last.report;
    expect(file).toMatchObject({ name: 'a.bin', content: Buffer.from([0, 255, 10]) });
    expect(secret?.type === 'secret' ? secret.value.reveal() : null).toBe('hunter2hunter2');
    expect(outcome).toEqual({ type: 'outcome', outcome: 'ok', text: { key: 'outcome.ok' } });
  });

  it('asks, takes a wrong code as such and a right one', async () => {
    const dispatcher = new HandDispatcher();
    const { folder } = await openDesk(dispatcher);
    const { conversation, events } = await remote(folder);
    await vi.waitUntil(() => dispatcher.surface !== null, 20_000);
    dispatcher.surface?.prompt(someJob, {
      code: 'ab12',
      expiresAt: 5,
      reason: 'destroy',
      shown: [],
    });
    await vi.waitUntil(() => events.length === 1, 20_000);
    expect(events[0]).toMatchObject({ type: 'prompt', code: 'ab12', line: 'user list' });
    dispatcher.confirmError = new AppError('E_CONFIRM_WRONG_CODE');
    conversation.confirm('no');
    await vi.waitUntil(() => events.length === 2, 20_000);
    expect(events[1]).toMatchObject({ type: 'ask-again', error: { code: 'E_CONFIRM_WRONG_CODE' } });
    dispatcher.confirmError = null;
    conversation.confirm('ab12');
    await vi.waitUntil(() => dispatcher.codes.length === 2, 20_000);
    conversation.cancel();
    await vi.waitUntil(() => dispatcher.cancelled === 1, 20_000);
    dispatcher.finish([], 'cancelled');
    await conversation.done;
    expect(events.at(-1)).toMatchObject({ type: 'finish', outcome: 'cancelled' });
  });

  it('tells an error of the dispatcher with its code and values', async () => {
    const dispatcher = new HandDispatcher();
    const { folder } = await openDesk(dispatcher);
    const { conversation, events } = await remote(folder);
    await vi.waitUntil(() => dispatcher.submitted.length === 1, 20_000);
    dispatcher.fail(new AppError('E_JOB_UNKNOWN', { job: 'j1' }));
    await conversation.done;
    expect(events).toMatchObject([
      { type: 'problem', error: { code: 'E_JOB_UNKNOWN', params: { job: 'j1' } } },
    ]);
  });

  it('[#29] answers with an error and lives on when a command breaks', async () => {
    const dispatcher = new HandDispatcher();
    const { folder, log } = await openDesk(dispatcher);
    const { conversation, events } = await remote(folder);
    await vi.waitUntil(() => dispatcher.submitted.length === 1, 20_000);
    dispatcher.fail(new Error('boom'));
    await conversation.done;
    expect(events).toMatchObject([
      { type: 'problem', error: { code: 'E_INTERNAL', params: { id: 'e2345678' } } },
    ]);
    expect(log.lines).toContain('a terminal command failed outside its job');
    expect((await reachBot(folder)).state).toBe('connected');
  });
});

describe('a terminal that goes away', () => {
  it('leaves its running job alone', async () => {
    const dispatcher = new HandDispatcher();
    const { folder } = await openDesk(dispatcher);
    const terminal = new RawTerminal(folder);
    terminal.send(requestLine());
    await vi.waitUntil(() => dispatcher.surface !== null, 20_000);
    dispatcher.surface?.working(someJob);
    terminal.socket.destroy();
    await terminal.closed;
    const next = new RawTerminal(folder);
    next.send(requestLine());
    await vi.waitUntil(() => dispatcher.submitted.length === 2, 20_000);
    expect(dispatcher.cancelled).toBe(0);
  });

  it('cancels a question that nobody can answer any more', async () => {
    const dispatcher = new HandDispatcher();
    const { folder } = await openDesk(dispatcher);
    const terminal = new RawTerminal(folder);
    terminal.send(requestLine());
    await vi.waitUntil(() => dispatcher.surface !== null, 20_000);
    dispatcher.surface?.prompt(someJob, {
      code: 'ab12',
      expiresAt: 5,
      reason: 'destroy',
      shown: [],
    });
    await vi.waitUntil(() => terminal.events.length === 1, 20_000);
    terminal.socket.destroy();
    await vi.waitUntil(() => dispatcher.cancelled === 1, 20_000);
  });

  it('learns that the bot went away', async () => {
    const dispatcher = new HandDispatcher();
    const { folder, terminals } = await openDesk(dispatcher);
    const { conversation, events } = await remote(folder);
    await vi.waitUntil(() => dispatcher.submitted.length === 1, 20_000);
    terminals.close();
    await conversation.done;
    expect(events).toMatchObject([{ type: 'problem', error: { code: 'E_TERMINAL_LOST' } }]);
    expect((await reachBot(folder)).state).toBe('no-bot');
  });
});

describe('a hostile terminal', () => {
  it.each([
    ['no JSON', 'hello\n'],
    ['JSON of another kind', '{"type":"shutdown"}\n'],
    ['a newer protocol', requestLine().replace('"protocol":1', '"protocol":2')],
    ['bytes that are no text', '\u0000\u0001\u0002\n'],
    ['a confirmation without a command', '{"type":"confirm","code":"x"}\n'],
    ['a line without end', 'x'.repeat(200_000)],
    ['two requests', requestLine() + requestLine()],
  ])('with %s is told and cut off', async (_name, text) => {
    const { folder } = await openDesk(new HandDispatcher());
    const terminal = new RawTerminal(folder);
    terminal.send(text);
    await terminal.closed;
    expect(terminal.events.at(-1)).toMatchObject({
      type: 'problem',
      error: { code: 'E_TERMINAL_PROTOCOL' },
    });
  });

  it('that says nothing is cut off', async () => {
    const { folder } = await openDesk(new HandDispatcher(), undefined, { requestTimeoutMs: 20 });
    const terminal = new RawTerminal(folder);
    await terminal.closed;
    expect(terminal.events.at(-1)?.type).toBe('problem');
  });

  it('that sends its request byte by byte is cut off as well', async () => {
    const { folder } = await openDesk(new HandDispatcher(), undefined, { requestTimeoutMs: 60 });
    const terminal = new RawTerminal(folder);
    const drip = setInterval(() => terminal.send('x'), 5);
    await terminal.closed;
    clearInterval(drip);
    expect(terminal.events.at(-1)?.type).toBe('problem');
  });

  it('that says nothing makes room for the next one', async () => {
    const dispatcher = new HandDispatcher();
    const { folder } = await openDesk(dispatcher, undefined, { requestTimeoutMs: 300 });
    const crowd = Array.from({ length: 200 }, () => new RawTerminal(folder));
    await Promise.all(crowd.map((each) => each.closed));
    await remote(folder);
    await vi.waitUntil(() => dispatcher.submitted.length === 1, 20_000);
  });

  it('that reads nothing is cut off when too much waits for it', async () => {
    const dispatcher = new HandDispatcher();
    const { folder } = await openDesk(dispatcher, undefined, { backlogLimit: 100_000 });
    const terminal = new RawTerminal(folder);
    terminal.send(requestLine());
    await vi.waitUntil(() => dispatcher.surface !== null, 20_000);
    terminal.socket.pause();
    for (let i = 0; i < 400; i += 1) dispatcher.surface?.progress(someJob, 'x'.repeat(10_000));
    terminal.socket.resume();
    await terminal.closed;
    expect(terminal.events.length).toBeLessThan(400);
  });

  it('with a forged login leaves no strange characters in the audit log', async () => {
    const dispatcher = new HandDispatcher();
    const { folder } = await openDesk(dispatcher);
    new RawTerminal(folder).send(requestLine().replace('anna', 'ro\\u202eot:@x\\n'.repeat(3)));
    await vi.waitUntil(() => dispatcher.submitted.length === 1, 20_000);
    expect(dispatcher.submitted[0]?.actor.login).toBe('root@xroot@xroot@x');
  });

  it('with two hundred connections is kept at the limit, and others are served afterwards', async () => {
    const dispatcher = new HandDispatcher();
    const { folder } = await openDesk(dispatcher);
    const crowd = Array.from({ length: 200 }, () => new RawTerminal(folder));
    const [first] = crowd;
    await vi.waitUntil(
      () => crowd.filter((each) => each.socket.destroyed).length === 200 - connectionLimit,
      20_000,
    );
    const busy = crowd.find((each) => each.socket.destroyed);
    expect(busy?.events).toMatchObject([{ type: 'problem', error: { code: 'E_TERMINAL_BUSY' } }]);
    first?.send(requestLine());
    await vi.waitUntil(() => dispatcher.submitted.length === 1, 20_000);
    for (const each of crowd) each.socket.destroy();
    const before = dispatcher.submitted.length;
    await vi.waitUntil(async () => {
      const { events } = await remote(folder);
      await vi.waitUntil(() => events.length > 0 || dispatcher.submitted.length > before, 20_000);
      return dispatcher.submitted.length > before;
    }, 20_000);
  });
});

describe('the socket files', () => {
  it('have owner, mode and name, and nothing else is left in the folder', async () => {
    const gid = process.getgid?.() ?? 0;
    const { folder, terminals } = await openDesk(new HandDispatcher(), [
      { rank: 'owner', groupId: null },
      { rank: 'viewer', groupId: gid },
    ]);
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect(mode(socketPath(folder, 'owner'))).toBe(0o600);
    expect(mode(socketPath(folder, 'viewer'))).toBe(0o660);
    expect(statSync(socketPath(folder, 'viewer')).gid).toBe(gid);
    expect(mode(folder)).toBe(0o711);
    expect(readdirSync(folder).sort()).toEqual(['owner.sock', 'viewer.sock']);
    terminals.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('replace what a killed bot left', async () => {
    const { folder } = await openDesk(new HandDispatcher());
    mkdirSync(join(folder, '.new-abc'));
    writeFileSync(join(folder, '.new-abc', 's'), '');
    const log = keptLog();
    const terminals = await openTerminals(
      folder,
      [{ rank: 'owner', groupId: null }],
      () => undefined,
      log,
    );
    expect((await reachBot(folder)).state).toBe('connected');
    expect(readdirSync(folder)).toEqual(['owner.sock']);
    terminals.close();
  });

  it('are refused where the path is too long for a socket', async () => {
    const { folder } = await openDesk(new HandDispatcher());
    const long = join(folder, 'x'.repeat(100));
    await expect(
      openTerminals(long, [{ rank: 'owner', groupId: null }], () => undefined, keptLog()),
    ).rejects.toMatchObject({ code: 'E_CONFIG_INVALID' });
  });
});
