import { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import { AppError } from '../../../core/errors.ts';
import { readMessage, sendOn } from '../exec/channels.ts';

/** Channels of the first and only port (kubelet, portforward/websocket.go). */
const data = 0;
const errors = 1;

/**
 * A connection to a port of a pod as a stream. The protocol has no half close: `end()` only says
 * that nothing more will be written.
 */
export class ForwardedSocket extends Duplex {
  readonly #socket: WebSocket;
  readonly #what: string;
  /** Each channel begins with a message that repeats the port's number. */
  readonly #greeted = new Set<number>();

  /** `socket`: open and paused. `what`: pod and port, for errors. */
  constructor(socket: WebSocket, what: string) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#what = what;
    socket.on('message', (message) => this.#hear(message));
    socket.on('close', () => {
      if (!this.readableEnded) this.push(null);
      this.destroy();
    });
    socket.on('error', (error) => this.destroy(error));
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    sendOn(this.#socket, data, chunk).then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (error === null) this.#socket.close();
    else this.#socket.terminate();
    done(error);
  }

  // What a net.Socket has and HTTP clients call; the socket below keeps itself alive.
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  #hear(raw: WebSocket.RawData): void {
    const message = readMessage(raw);
    if (message === null) return;
    const { channel, payload } = message;
    if (!this.#greeted.has(channel)) {
      this.#greeted.add(channel);
      return;
    }
    if (channel === errors && payload.length > 0) {
      const reason = payload.toString('utf8').slice(0, 400);
      this.destroy(new AppError('E_KUBERNETES_EXEC_FAILED', { what: this.#what, reason }));
    } else if (channel === data && !this.push(payload)) {
      this.#socket.pause();
    }
  }
}
