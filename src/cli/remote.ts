import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { AppError } from '../core/errors.ts';
import { ranks, type Rank } from '../core/roles.ts';
import type { Conversation } from './conversation.ts';
import {
  eventLimit,
  messageLine,
  terminalEvent,
  type ClientMessage,
  type Request,
  type TerminalEvent,
} from './protocol.ts';
import { LineSplitter, LineTooLong } from './sockets/lines.ts';
import { socketPath } from './sockets/listen.ts';

/** A connection to a running bot, or why there is none. */
export type Reached =
  | { readonly state: 'connected'; readonly socket: Socket; readonly rank: Rank }
  /** Nobody listens. */
  | { readonly state: 'no-bot' }
  /** A bot is there, but no socket of it is open to us. */
  | { readonly state: 'forbidden' };

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function tryConnect(path: string): Promise<Socket | string> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    socket.destroy();
    return codeOf(error);
  }
}

/** Connects to the socket of the highest rank that lets us in. */
export async function reachBot(folder: string): Promise<Reached> {
  let forbidden = false;
  for (const rank of [...ranks].reverse()) {
    const result = await tryConnect(socketPath(folder, rank));
    if (typeof result !== 'string') return { state: 'connected', socket: result, rank };
    if (result === 'EACCES' || result === 'EPERM') forbidden = true;
  }
  return { state: forbidden ? 'forbidden' : 'no-bot' };
}

function eventOf(line: string): TerminalEvent {
  try {
    return terminalEvent.parse(JSON.parse(line), { jitless: true });
  } catch (error) {
    return { type: 'problem', error: new AppError('E_TERMINAL_PROTOCOL', {}, error) };
  }
}

/** Has a running bot do the command and tells what it answers. Ends with the connection. */
export function converseRemotely(
  socket: Socket,
  request: Request,
  tell: (event: TerminalEvent) => void,
): Conversation {
  const splitter = new LineSplitter(eventLimit);
  let over = false;
  const take = (event: TerminalEvent): void => {
    if (over) return;
    over = event.type === 'finish' || event.type === 'problem';
    tell(event);
    if (over) socket.end();
  };
  const send = (message: ClientMessage): void => {
    if (!over && !socket.destroyed) socket.write(messageLine(message));
  };
  const done = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const line of splitter.push(chunk)) take(eventOf(line));
      } catch (error) {
        if (!(error instanceof LineTooLong)) throw error;
        take({ type: 'problem', error: new AppError('E_TERMINAL_PROTOCOL', {}, error) });
      }
    });
    // `close` follows and tells the person.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      take({ type: 'problem', error: new AppError('E_TERMINAL_LOST') });
      resolve();
    });
  });
  send(request);
  return {
    confirm: (code) => send({ type: 'confirm', code }),
    cancel: () => send({ type: 'cancel' }),
    leave: () => socket.destroy(),
    done,
  };
}
