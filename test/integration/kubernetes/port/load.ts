import type { Api, LabObject } from '../../../lab/kubernetes/api.ts';

/** Where the Services of a namespace are. */
export const servicesOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/services`;

/** Costs the cluster nothing: no address is given out for it. */
export const service = (namespace: string, name: string, labels = {}): LabObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, labels },
  spec: { type: 'ExternalName', externalName: 'example.org' },
});

/** A component of the release `ess`, with one pod. */
export const component = (namespace: string, name: string): LabObject => {
  const labels = {
    'app.kubernetes.io/part-of': 'matrix-stack',
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': `ess-${name}`,
  };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: `ess-${name}`, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name, image: 'example.org/it:1' }] },
      },
    },
  };
};

/** Makes, changes and removes Services without a pause; what fails while nobody answers is done again later. */
export class Load {
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #api: Api;
  readonly #namespace: string;
  writes = 0;

  constructor(api: Api, namespace: string) {
    this.#api = api;
    this.#namespace = namespace;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const path = servicesOf(this.#namespace);
    for (let i = 0; !this.#stop.signal.aborted; i += 1) {
      const name = `load-${i % 50}`;
      const { status } = await this.#api
        .raw('POST', path, { body: service(this.#namespace, name, { turn: String(i) }) })
        .catch(() => ({ status: 0 }));
      if (status === 201) this.writes += 1;
      const old = `${path}/load-${(i + 25) % 50}`;
      await this.#api.raw('DELETE', old, {}).catch(() => null);
      if (status === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
