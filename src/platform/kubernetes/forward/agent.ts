import { Agent, type ClientRequestArgs } from 'node:http';
import { PassThrough, type Duplex } from 'node:stream';
import type { ForwardTarget, Kubernetes } from '../port.ts';

/**
 * An agent for `http.request` whose connections lead to a port in the cluster, whatever host the URL
 * names: `http.request('http://synapse/…', { agent })`.
 */
export class ForwardAgent extends Agent {
  readonly #cluster: Pick<Kubernetes, 'dial'>;
  readonly #target: ForwardTarget;

  constructor(cluster: Pick<Kubernetes, 'dial'>, target: ForwardTarget) {
    super({ keepAlive: true, maxSockets: 4, maxFreeSockets: 1 });
    this.#cluster = cluster;
    this.#target = target;
  }

  override createConnection(
    _options: ClientRequestArgs,
    done?: (error: Error | null, stream: Duplex) => void,
  ): null {
    this.#cluster.dial(this.#target).then(
      (stream) => done?.(null, stream),
      (error: unknown) => {
        const failure = error instanceof Error ? error : new Error(String(error));
        // Where there is an error, Node looks at nothing else.
        done?.(failure, new PassThrough());
      },
    );
    return null;
  }
}
