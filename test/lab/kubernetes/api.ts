import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { Pki } from './pki.ts';

/** A Kubernetes object as the lab writes and reads it. */
export const labObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string().default(''),
    namespace: z.string().exactOptional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});

/** See {@link labObject}. */
export type LabObject = z.input<typeof labObject>;

const resourceList = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

const objectList = z.object({
  items: z.array(z.looseObject({ metadata: labObject.shape.metadata })),
});

/** An item of a list; lists leave `apiVersion` and `kind` out. */
export type ListedObject = z.output<typeof objectList>['items'][number];

/** An answer of the API server that is not 2xx. */
export class ApiFailure extends Error {
  override name = 'ApiFailure';
  readonly status: number;

  constructor(what: string, status: number, text: string) {
    super(`${what} → ${status}: ${text.slice(0, 600)}`);
    this.status = status;
  }
}

/** How something is sent. */
interface Sending {
  readonly type?: string;
  readonly body?: unknown;
}

/** The API server as the lab's administrator sees it: for arranging things, not for testing. */
export class Api {
  readonly url: string;
  readonly #agent: Agent;
  readonly #kinds = new Map<string, z.output<typeof resourceList>['resources']>();

  constructor(url: string, pki: Pki) {
    this.url = url;
    this.#agent = new Agent({
      connect: {
        ca: readFileSync(pki.file('ca.crt')),
        cert: readFileSync(pki.file('admin.crt')),
        key: readFileSync(pki.file('admin.key')),
      },
    });
  }

  /** For what is no request, such as a WebSocket. */
  get dispatcher(): Agent {
    return this.#agent;
  }

  /** Status and text of any answer. @throws when there is no connection. */
  async raw(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    { type = 'application/json', body }: Sending = {},
  ): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await request(`${this.url}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: { 'content-type': type, 'user-agent': 'urtc-lab' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  /** @throws ApiFailure when the answer is not 2xx. */
  async send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    sending: Sending = {},
  ): Promise<unknown> {
    const { status, text } = await this.raw(method, path, sending);
    if (status >= 300) throw new ApiFailure(`${method} ${path}`, status, text);
    return JSON.parse(text);
  }

  /** Whether the API server says that it is ready; false also where nobody listens. */
  async isReady(): Promise<boolean> {
    try {
      return (await this.raw('GET', '/readyz')).status === 200;
    } catch (error) {
      if (error instanceof Error) return false;
      throw error;
    }
  }

  /** Items of a list: `/api/v1/namespaces/ess/pods?labelSelector=…`. */
  async list(path: string): Promise<ListedObject[]> {
    return objectList.parse(await this.send('GET', path)).items;
  }

  /** The path of an object: asks the API server what its kind is called. */
  async pathOf(object: LabObject): Promise<string> {
    const { kind, metadata } = labObject.parse(object);
    const { apiVersion } = object;
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const isKind = (resource: { kind: string; name: string }): boolean =>
      resource.kind === kind && !resource.name.includes('/');
    let found = this.#kinds.get(apiVersion)?.find(isKind);
    if (found === undefined) {
      const { resources } = resourceList.parse(await this.send('GET', group));
      this.#kinds.set(apiVersion, resources);
      found = resources.find(isKind);
    }
    if (found === undefined) throw new ApiFailure(`${apiVersion} ${kind}`, 404, 'no such kind');
    const inside = found.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
    return `${group}${inside}/${found.name}/${metadata.name}`;
  }

  /** Server-side apply, also over what others own. */
  async apply(object: LabObject): Promise<void> {
    const path = `${await this.pathOf(object)}?fieldManager=lab&force=true`;
    await this.send('PATCH', path, { type: 'application/apply-patch+yaml', body: object });
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}
