import type { Socket } from 'node:net';
import type { Rank } from '../../core/roles.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Language } from '../../core/words/index.ts';
import type { ErrorLog } from '../../platform/store/error-log.ts';
import { converse, type Conversation, type TerminalDispatcher } from '../conversation.ts';
import { plainLogin } from '../login.ts';
import {
  clientMessage,
  eventLine,
  requestLimit,
  type ClientMessage,
  type Request,
  type TerminalEvent,
} from '../protocol.ts';
import { LineSplitter, LineTooLong } from './lines.ts';

/** What all sessions share. */
export interface SessionHouse {
  readonly dispatcher: TerminalDispatcher;
  readonly log: Log;
  /** Keeps a failure that is no answer, under the id that the terminal is told. */
  readonly errors: Pick<ErrorLog, 'record'>;
  /** Language of a terminal that names none. */
  language(): Language;
  /** How long a peer may take for its request; default 10 s. */
  readonly requestTimeoutMs?: number;
  /** Bytes that may wait for a slow reader before it is cut off; default 16 MiB. */
  readonly backlogLimit?: number;
}

/** A defect of the peer, not ours: it is told and cut off. */
class Refusal extends Error {}

function parse(line: string): ClientMessage {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch (error) {
    throw new Refusal('not JSON', { cause: error });
  }
  const message = clientMessage.safeParse(raw);
  if (!message.success) throw new Refusal('not a message of this protocol');
  return message.data;
}

/**
 * Serves one terminal that came through the socket of `rank`. Whatever it sends, the worst that
 * follows is the end of this one connection.
 */
export function serveTerminal(socket: Socket, rank: Rank, house: SessionHouse): void {
  const splitter = new LineSplitter(requestLimit);
  const backlogLimit = house.backlogLimit ?? 16 * 1024 * 1024;
  let conversation: Conversation | null = null;

  const tell = (event: TerminalEvent): void => {
    if (socket.destroyed) return;
    socket.write(eventLine(event));
    if (socket.writableLength > backlogLimit) socket.destroy();
  };
  const begin = (request: Request): void => {
    clearTimeout(patience);
    const command = {
      words: request.words,
      actor: { kind: 'local', login: plainLogin(request.login), rank },
      language: request.language ?? house.language(),
      yes: request.yes,
      interactive: request.interactive,
    } as const;
    conversation = converse(house.dispatcher, command, tell);
    conversation.done.then(
      () => socket.end(),
      (error: unknown) => {
        house.log.error({ err: error }, 'a terminal command failed outside its job');
        const id = house.errors.record(error, null);
        tell({ type: 'problem', error: new AppError('E_INTERNAL', { id }, error) });
        socket.end();
      },
    );
  };
  const take = (message: ClientMessage): void => {
    if (message.type === 'request') {
      if (conversation !== null) throw new Refusal('a second request');
      begin(message);
      return;
    }
    if (conversation === null) throw new Refusal('no request before');
    if (message.type === 'cancel') conversation.cancel();
    else conversation.confirm(message.code);
  };
  const refuse = (reason: string): void => {
    house.log.warn({ rank, reason }, 'a terminal was cut off');
    tell({ type: 'problem', error: new AppError('E_TERMINAL_PROTOCOL') });
    socket.destroySoon();
    conversation?.leave();
  };

  // Not the socket's own time limit: every byte would begin that anew.
  const patience = setTimeout(() => refuse('no request in time'), house.requestTimeoutMs ?? 10_000);
  socket.on('data', (chunk: Buffer) => {
    if (socket.writableEnded) return;
    try {
      for (const line of splitter.push(chunk)) take(parse(line));
    } catch (error) {
      if (!(error instanceof Refusal) && !(error instanceof LineTooLong)) throw error;
      refuse(error.message);
    }
  });
  // A vanished peer (EPIPE, ECONNRESET) is daily life; `close` follows in any case.
  socket.on('error', (error) => house.log.debug({ err: error }, 'a terminal connection broke'));
  socket.on('close', () => {
    clearTimeout(patience);
    conversation?.leave();
  });
}
