import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { LabError } from '../failure.ts';

/** An OCI registry on loopback, over plain HTTP. It keeps everything in memory. */
export interface Registry {
  /** `127.0.0.1:PORT`, as it stands behind `oci://`. */
  readonly host: string;
  /** What was asked of it: `GET /v2/…`. */
  readonly asked: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Something under a digest, or under a tag. */
interface Stored {
  readonly type: string;
  readonly bytes: Buffer;
  /** `sha256:…`. */
  readonly digest: string;
}

/** What a registry answers. `stored` becomes the body, or of a HEAD its headers alone. */
interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly stored?: Stored;
}

/** What was asked, and how the path ends: `ref` is a digest, a tag, or an upload. */
interface Asked {
  readonly method: string;
  readonly name: string;
  readonly ref: string;
  readonly query: URLSearchParams;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Codes of the specification, table "Error Codes". */
const refusal = (status: number, code: string): Answer => ({
  status,
  body: { errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] },
});

const digestOf = (bytes: Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Each kind of path: `<name>/blobs/…`, where a name has slashes of its own. */
const paths = {
  upload: /^\/v2\/(?<name>.+)\/blobs\/uploads\/(?<ref>[^/]*)$/,
  blob: /^\/v2\/(?<name>.+)\/blobs\/(?<ref>[^/]+)$/,
  manifest: /^\/v2\/(?<name>.+)\/manifests\/(?<ref>[^/]+)$/,
  tags: /^\/v2\/(?<name>.+)\/tags\/list$/,
} as const;

/** Repositories by their name: what lies there by digest or tag, and uploads that were begun. */
class Shelves {
  readonly #blobs = new Map<string, Stored>();
  readonly #manifests = new Map<string, Stored>();
  readonly #uploads = new Map<string, Buffer>();

  upload({ method, name, ref, query, type, bytes }: Asked): Answer {
    const id = ref === '' ? randomUUID() : ref;
    const begun = ref === '' ? Buffer.alloc(0) : this.#uploads.get(id);
    if (begun === undefined) return refusal(404, 'BLOB_UPLOAD_UNKNOWN');
    const all = Buffer.concat([begun, bytes]);
    const wanted = query.get('digest');
    if (wanted === null || method === 'PATCH') {
      this.#uploads.set(id, all);
      return { status: 202, headers: { location: `/v2/${name}/blobs/uploads/${id}` } };
    }
    this.#uploads.delete(id);
    const digest = digestOf(all);
    if (digest !== wanted) return refusal(400, 'DIGEST_INVALID');
    this.#blobs.set(`${name}@${digest}`, { type, bytes: all, digest });
    return { status: 201, headers: { location: `/v2/${name}/blobs/${digest}` } };
  }

  blob({ name, ref }: Asked): Answer {
    const stored = this.#blobs.get(`${name}@${ref}`);
    return stored === undefined ? refusal(404, 'BLOB_UNKNOWN') : { status: 200, stored };
  }

  manifest({ method, name, ref, type, bytes }: Asked): Answer {
    const key = `${name}@${ref}`;
    if (method !== 'PUT') {
      const stored = this.#manifests.get(key);
      return stored === undefined ? refusal(404, 'MANIFEST_UNKNOWN') : { status: 200, stored };
    }
    const stored = { type, bytes, digest: digestOf(bytes) };
    if (ref.includes(':') && ref !== stored.digest) return refusal(400, 'DIGEST_INVALID');
    for (const each of [key, `${name}@${stored.digest}`]) this.#manifests.set(each, stored);
    return { status: 201, headers: { location: `/v2/${name}/manifests/${stored.digest}` } };
  }

  tags({ name }: Asked): Answer {
    const refs = [...this.#manifests.keys()].filter((key) => key.startsWith(`${name}@`));
    if (refs.length === 0) return refusal(404, 'NAME_UNKNOWN');
    const tags = refs.map((key) => key.slice(name.length + 1)).filter((ref) => !ref.includes(':'));
    return { status: 200, body: { name, tags: tags.sort() } };
  }
}

const answerTo = async (shelves: Shelves, request: IncomingMessage): Promise<Answer> => {
  const url = new URL(request.url ?? '', 'http://registry');
  if (url.pathname === '/v2/') return { status: 200, body: {} };
  for (const kind of ['upload', 'blob', 'manifest', 'tags'] as const) {
    const found = paths[kind].exec(url.pathname)?.groups;
    if (found === undefined) continue;
    return shelves[kind]({
      ...{ method: request.method ?? 'GET', query: url.searchParams },
      ...{ name: found['name'] ?? '', ref: found['ref'] ?? '' },
      type: request.headers['content-type'] ?? 'application/octet-stream',
      bytes: await buffer(request),
    });
  }
  return refusal(404, 'UNSUPPORTED');
};

const send = (response: ServerResponse, { status, headers, body, stored }: Answer): void => {
  const bytes = stored?.bytes ?? Buffer.from(body === undefined ? '' : JSON.stringify(body));
  response.writeHead(status, {
    'content-type': stored?.type ?? 'application/json',
    'content-length': bytes.byteLength,
    ...(stored === undefined ? {} : { 'docker-content-digest': stored.digest }),
    ...headers,
  });
  response.end(bytes);
};

/**
 * Starts a registry on a free port. It speaks what `helm push` and `helm pull` ask for of the OCI
 * Distribution Specification 1.1, and refuses the rest.
 */
export const startRegistry = async (): Promise<Registry> => {
  const shelves = new Shelves();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    answerTo(shelves, request).then(
      (answer) => send(response, answer),
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  if (at === null || typeof at === 'string') throw new LabError('the registry has no port');
  return {
    host: `127.0.0.1:${at.port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
