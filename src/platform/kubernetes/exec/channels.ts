import type WebSocket from 'ws';

/**
 * Channels of exec over WebSocket: the first byte of each message names one (k8s.io/apimachinery,
 * util/remotecommand/constants.go; KEP-4006). Version 5 adds `close`, which ends another channel:
 * its payload is that channel's number. Before it, stdin could not be ended without cutting all.
 */
export const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

/** Subprotocol of exec. */
export const execProtocol = 'v5.channel.k8s.io';

/** Largest payload of one message, bytes. */
const largestPayload = 64 * 1024;

/** A received message as its channel and payload; null where it is no message of this protocol. */
export function readMessage(data: WebSocket.RawData): {
  readonly channel: number;
  readonly payload: Buffer;
} | null {
  const message = Array.isArray(data)
    ? Buffer.concat(data)
    : Buffer.isBuffer(data)
      ? data
      : Buffer.from(data);
  const channel = message[0];
  return channel === undefined ? null : { channel, payload: message.subarray(1) };
}

/**
 * Sends bytes on a channel; resolves when the system has taken them, so that at most one message
 * waits in this process. Rejects where the socket is no longer open.
 */
export async function sendOn(socket: WebSocket, channel: number, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length || from === 0; from += largestPayload) {
    const part = bytes.subarray(from, from + largestPayload);
    const message = Buffer.allocUnsafe(part.length + 1);
    message[0] = channel;
    message.set(part, 1);
    await new Promise<void>((resolve, reject) => {
      socket.send(message, (error) => {
        // `undefined` where all is well, whatever the types say.
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  }
}
