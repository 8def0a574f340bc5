import type WebSocket from 'ws';
import { AppError } from '../../../core/errors.ts';
import { abortReason } from '../abort-reason.ts';
import type { ApiClient } from '../http/api-client.ts';
import { readStatus } from '../http/status.ts';
import { YoungBuffers } from '../young-buffers.ts';
import { ByteQueue } from './byte-queue.ts';
import { channels, execProtocol, readMessage, sendOn } from './channels.ts';
import type { Execution, ExecRequest, ExecResult } from './execution.ts';
import { exitCodeOf } from './exit-code.ts';
import { guarded, type Guarded } from './orphan-guard.ts';
import { watchPulse } from './pulse.ts';
import { openSocket } from './socket.ts';
import { Tail } from './tail.ts';

/** Bytes of stderr that are kept. */
const keptStderr = 64 * 1024;

/** Longest reason that is passed on, in characters. */
const longestReason = 400;

/**
 * Starts a process in a container, over `v5.channel.k8s.io`, tty off. Throws what opening the socket
 * throws; what comes later is in {@link Execution}.
 */
export async function startExec(
  client: ApiClient,
  request: ExecRequest,
  signal: AbortSignal | undefined,
): Promise<Execution> {
  const { namespace, name, container } = request;
  const { command, stdin } = guarded(request);
  const socket = await openSocket(client, {
    target: { group: '', version: 'v1', resource: 'pods', namespace, name, subresource: 'exec' },
    query: {
      container,
      command,
      stdin: String(stdin !== undefined),
      stdout: 'true',
      stderr: 'true',
      tty: 'false',
    },
    protocol: execProtocol,
    signal,
  });
  return follow(socket, { what: `${name}/${container}`, stdin, signal });
}

interface Followed {
  /** Pod and container, for errors. */
  readonly what: string;
  readonly stdin: Guarded['stdin'];
  readonly signal: AbortSignal | undefined;
}

/** What comes over an open, paused socket, as an {@link Execution}. */
function follow(socket: WebSocket, { what, stdin, signal }: Followed): Execution {
  const stderr = new Tail(keptStderr);
  const young = new YoungBuffers();
  let settle: (end: ExecResult | Error) => void = () => undefined;
  const stdout = new ByteQueue(socket, () => settle(cut()));
  const cut = () => new AppError('E_KUBERNETES_EXEC_CUT', { what });
  const stopPulse = watchPulse(socket, () => stdout.isPaused);
  const stopFeeding = new AbortController();

  const result = new Promise<ExecResult>((resolve, reject) => {
    let isSettled = false;
    settle = (end) => {
      if (isSettled) return;
      isSettled = true;
      stopPulse();
      stopFeeding.abort();
      signal?.removeEventListener('abort', abort);
      if (end instanceof Error) {
        stdout.end(end);
        // Without a farewell: the other side must not take it for a proper end.
        socket.terminate();
        reject(end);
        return;
      }
      stdout.end(null);
      socket.close();
      resolve(end);
    };
    const abort = () => {
      if (signal !== undefined) settle(abortReason(signal));
    };
    signal?.addEventListener('abort', abort, { once: true });
    socket.on('message', (data) => {
      const message = readMessage(data);
      if (message === null) return;
      const { channel, payload } = message;
      young.passed(payload.length);
      if (channel === channels.stdout) stdout.push(payload);
      else if (channel === channels.stderr) stderr.push(payload);
      else if (channel === channels.status) settle(endOf(payload, what, stderr) ?? cut());
    });
    // The one success is a Status: however properly the socket was closed, without it nobody knows.
    socket.on('close', () => settle(cut()));
    socket.on('error', () => settle(cut()));
    if (signal?.aborted === true) abort();
  });
  // Who reads only stdout gets the same error there.
  result.catch(() => undefined);
  if (stdin !== undefined) {
    const { signal: stop } = stopFeeding;
    feed(socket, stdin(stop), stop).catch((error: unknown) => {
      // Stopped in the middle of a wait: the end is told already.
      if (!stop.aborted) settle(error instanceof Error ? error : new Error(String(error)));
    });
  }
  socket.resume();
  return { stdout, result };
}

/** How the process ended, by the status channel's message; null: it is no Status. */
function endOf(payload: Buffer, what: string, stderr: Tail): ExecResult | AppError | null {
  const status = readStatus(payload.toString('utf8'));
  if (status === null || status.status === '') return null;
  const exitCode = exitCodeOf(status);
  if (exitCode !== null) return { exitCode, stderr: stderr.toString() };
  const reason = status.message.slice(0, longestReason) || status.reason;
  return new AppError('E_KUBERNETES_EXEC_FAILED', { what, reason });
}

/** Sends what the process reads, as fast as it reads, then its end of file. */
async function feed(
  socket: WebSocket,
  stdin: AsyncIterable<Uint8Array>,
  stop: AbortSignal,
): Promise<void> {
  const young = new YoungBuffers();
  for await (const bytes of stdin) {
    if (stop.aborted) return;
    if (bytes.length > 0) await sendUnlessStopped(socket, channels.stdin, bytes, stop);
    young.passed(bytes.length);
  }
  if (stop.aborted) return;
  await sendUnlessStopped(socket, channels.close, Uint8Array.of(channels.stdin), stop);
}

/** A socket that closes in the middle has an end of its own; it is told there. */
async function sendUnlessStopped(
  socket: WebSocket,
  channel: number,
  bytes: Uint8Array,
  stop: AbortSignal,
): Promise<void> {
  try {
    await sendOn(socket, channel, bytes);
  } catch (error) {
    if (!stop.aborted && socket.readyState === socket.OPEN) throw error;
  }
}
