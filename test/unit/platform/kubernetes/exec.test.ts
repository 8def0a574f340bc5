import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { readMessage } from '../../../../src/platform/kubernetes/exec/channels.ts';
import { startExec } from '../../../../src/platform/kubernetes/exec/exec.ts';
import type { Execution, ExecRequest } from '../../../../src/platform/kubernetes/exec/execution.ts';
import { ApiClient } from '../../../../src/platform/kubernetes/http/api-client.ts';
import { parseNamespace } from '../../../../src/platform/kubernetes/namespace.ts';
import { eventually, standsStill, type SmallApiServer } from './api-server.ts';
import {
  internalError,
  kubeletExit,
  message,
  smallKubelet,
  success,
  type Container,
  type Refuse,
} from './kubelet.ts';

const servers: SmallApiServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

async function start(
  run: Container,
  request: Partial<ExecRequest> = {},
  signal?: AbortSignal,
  refuse?: Refuse,
): Promise<Execution> {
  const server = await smallKubelet(run, refuse);
  servers.push(server);
  return startExec(
    new ApiClient({ access: server.access }),
    {
      ...{ namespace: parseNamespace('ess'), name: 'ess-postgres-0', container: 'postgres' },
      ...{ command: ['pg_dump', '-Fc'], orphanGuard: { is: 'none' }, ...request },
    },
    signal,
  );
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function* bytes(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}

/** Everything that comes on stdin, until it is ended. */
function onStdinEnd(socket: WebSocket, then: (text: string) => void): void {
  let text = '';
  socket.on('message', (data) => {
    const heard = readMessage(data);
    if (heard?.channel === 0) text += heard.payload.toString();
    if (heard?.channel === 255 && heard.payload.equals(Buffer.from([0]))) then(text);
  });
}

describe('exec (fake kubelet)', () => {
  it('asks for the container and the program, without a terminal', async () => {
    const asked: URLSearchParams[] = [];
    const { result } = await start((socket, query) => {
      asked.push(query);
      socket.send(success);
    });
    expect(await result).toEqual({ exitCode: 0, stderr: '' });
    expect(asked[0]?.getAll('command')).toEqual(['pg_dump', '-Fc']);
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
      ...{ container: 'postgres', tty: 'false', stdin: 'false', stdout: 'true', stderr: 'true' },
    });
  });

  it('gives both streams apart, and an end of input by the close message of version 5', async () => {
    const { stdout, result } = await start(
      (socket) =>
        onStdinEnd(socket, (text) => {
          socket.send(message(1, ''));
          socket.send(message(2, 'careful'));
          socket.send(message(1, text.toUpperCase()));
          socket.send(success);
        }),
      { stdin: bytes('select ', '1;') },
    );
    expect(await textOf(stdout)).toBe('SELECT 1;');
    expect(await result).toEqual({ exitCode: 0, stderr: 'careful' });
  });

  it.each([
    ['a real kubelet: 3', kubeletExit(3), 3],
    ['a real kubelet: 137', kubeletExit(137), 137],
    ['kwok: 3', internalError('error executing command in container: cmd wait: exit status 3'), 3],
    ['kwok: killed', internalError('cmd wait: sh -c x: signal: killed'), 137],
    ['kwok: dumped', internalError('cmd wait: signal: segmentation fault (core dumped)'), 139],
  ])('reads the exit code of %s', async (_who, status, exitCode) => {
    const { result } = await start((socket) => socket.send(status));
    expect((await result).exitCode).toBe(exitCode);
  });

  it.each([
    'exec: "nosuch": executable file not found in $PATH: unknown',
    'runc did not terminate successfully: exit status 255: unknown',
    'the exit status 3 was expected',
  ])('is no exit code but a failure to start: %s', async (text) => {
    const { result, stdout } = await start((socket) => socket.send(internalError(text)));
    await expect(result).rejects.toMatchObject({
      code: 'E_KUBERNETES_EXEC_FAILED',
      params: { reason: text },
    });
    await expect(textOf(stdout)).rejects.toMatchObject({ code: 'E_KUBERNETES_EXEC_FAILED' });
  });

  it.each<[string, (socket: WebSocket) => void]>([
    ['a proper close', (socket) => socket.close(1000)],
    ['a lost connection', (socket) => socket.terminate()],
    ['a status that is none', (socket) => socket.send(message(3, '{}'))],
    ['a status that is no JSON', (socket) => socket.send(message(3, 'Success'))],
  ])('is an error without a Status: %s', async (_how, end) => {
    const { stdout, result } = await start((socket) => {
      socket.send(message(1, 'half a dump'), () => end(socket));
    });
    const parts: string[] = [];
    const reading = (async () => {
      for await (const part of stdout) parts.push(Buffer.from(part).toString());
    })();
    await expect(reading).rejects.toMatchObject({ code: 'E_KUBERNETES_EXEC_CUT' });
    await expect(result).rejects.toMatchObject({ code: 'E_KUBERNETES_EXEC_CUT' });
    expect(parts.join('')).toBe('half a dump');
  });

  it('ends at once when it is cancelled, with the reason', async () => {
    const stop = new AbortController();
    let closed = false;
    const { stdout, result } = await start(
      (socket) => socket.on('close', () => (closed = true)),
      {},
      stop.signal,
    );
    stop.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
    await expect(textOf(stdout)).rejects.toThrow('enough');
    await eventually('the socket to close', () => closed);
  });

  it('ends the connection when its reader goes away', async () => {
    let closed = false;
    const { stdout, result } = await start((socket) => {
      socket.on('close', () => (closed = true));
      socket.send(message(1, 'first'));
    });
    for await (const part of stdout) {
      expect(Buffer.from(part).toString()).toBe('first');
      break;
    }
    await expect(result).rejects.toMatchObject({ code: 'E_KUBERNETES_EXEC_CUT' });
    await eventually('the socket to close', () => closed);
  });

  it('passes on what its input throws, and ends the connection', async () => {
    let closed = false;
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('a'));
      throw new Error('the disk is gone');
    }
    const { result } = await start((socket) => socket.on('close', () => (closed = true)), {
      stdin: broken(),
    });
    await expect(result).rejects.toThrow('the disk is gone');
    await eventually('the socket to close', () => closed);
  });

  it('keeps the sender waiting while nobody reads', async () => {
    const total = 64 * 1024 * 1024;
    const block = message(1, Buffer.alloc(1024 * 1024, 120));
    let sent = 0;
    const { stdout, result } = await start((socket) => {
      const next = (): void => {
        if (sent === total) {
          socket.send(success);
          return;
        }
        socket.send(block, () => {
          sent += block.length - 1;
          next();
        });
      };
      next();
    });
    // Until the system's own buffers are full; what is sent after that, this process would hold.
    await standsStill('the sender', () => sent);
    expect(sent).toBeLessThan(16 * 1024 * 1024);
    let size = 0;
    for await (const part of stdout) size += part.length;
    expect(size).toBe(total);
    expect((await result).exitCode).toBe(0);
  });

  it('takes no more of its input than the other side reads', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 1024 * 1024;
        yield await Promise.resolve(Buffer.alloc(1024 * 1024));
      }
    }
    const stop = new AbortController();
    const { result } = await start((socket) => socket.pause(), { stdin: endless() }, stop.signal);
    await standsStill('the input', () => given);
    expect(given).toBeLessThan(16 * 1024 * 1024);
    stop.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
  });

  it.each([
    [404, { message: 'pods "x" not found', code: 404 }, 'E_KUBERNETES_NOT_FOUND'],
    [
      403,
      {
        message:
          'pods "ess-postgres-0" is forbidden: User "jo" cannot create resource "pods/exec" in API group "" in the namespace "ess"',
      },
      'E_KUBERNETES_FORBIDDEN',
    ],
    [400, { message: 'container nope is not valid' }, 'E_KUBERNETES_ANSWER'],
    [503, {}, 'E_KUBERNETES_UNREACHABLE'],
  ])('says why the API server opens nothing (%s)', async (status, body, code) => {
    const starting = start(
      () => undefined,
      {},
      undefined,
      () => ({ status, body }),
    );
    await expect(starting).rejects.toMatchObject({ code });
  });

  it('reads the credentials again after 401, once', async () => {
    let refusals = 0;
    const { result } = await start(
      (socket) => socket.send(success),
      {},
      undefined,
      () => (refusals++ === 0 ? { status: 401, body: {} } : null),
    );
    expect((await result).exitCode).toBe(0);
    expect(servers[0]?.renewals).toBe(1);
    const never = start(
      () => undefined,
      {},
      undefined,
      () => ({ status: 401, body: {} }),
    );
    await expect(never).rejects.toMatchObject({ code: 'E_KUBERNETES_UNAUTHORIZED' });
  });
});
