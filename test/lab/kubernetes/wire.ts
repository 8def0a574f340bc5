import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { z } from 'zod';

const kubeconfigShape = z.looseObject({
  clusters: z.tuple([z.looseObject({ cluster: z.looseObject({ server: z.url() }) })]),
});

/** A way to the API server that can be cut, for one client alone: nobody else of a cluster suffers. */
export interface Wire {
  /** Like the one that it was made of, but goes by this way. */
  readonly kubeconfig: string;
  /** Every connection breaks, and the next ones are refused. */
  cut(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Lays a wire of its own for whoever uses this kubeconfig. */
export const layWire = async (kubeconfig: string): Promise<Wire> => {
  const config = kubeconfigShape.parse(JSON.parse(readFileSync(kubeconfig, 'utf8')));
  const { cluster } = config.clusters[0];
  const { hostname, port } = new URL(cluster.server);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      // A cut is what it is for.
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('the wire has no port');
  cluster.server = `https://127.0.0.1:${at.port}`;
  const file = `${kubeconfig}.wire`;
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  return { kubeconfig: file, cut, [Symbol.asyncDispose]: cut };
};
