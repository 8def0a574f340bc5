import type { Duplex } from 'node:stream';
import { openSocket } from '../exec/socket.ts';
import type { ApiClient } from '../http/api-client.ts';
import { ForwardedSocket } from './forwarded-socket.ts';
import type { PodPort } from './resolve-target.ts';

/**
 * Opens a connection to a port of a pod. Not through the API server's own proxy (services/proxy),
 * though that would need one right on named Services only: it takes the request's Authorization
 * header for itself, and an admin token could not pass. One WebSocket holds one connection.
 */
export async function dialPod(
  client: ApiClient,
  { pod, port }: PodPort,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  const { namespace, name } = pod;
  const socket = await openSocket(client, {
    target: {
      group: '',
      version: 'v1',
      resource: 'pods',
      namespace,
      name,
      subresource: 'portforward',
    },
    query: { ports: String(port) },
    protocol: 'v4.channel.k8s.io',
    signal,
  });
  return new ForwardedSocket(socket, `${name}:${port}`);
}
