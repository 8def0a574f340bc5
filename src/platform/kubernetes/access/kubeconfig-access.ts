import { createHash } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { Clock } from '../../clock.ts';
import { systemReason } from '../../system-failure.ts';
import type { ClusterAccess, Connection } from './cluster-access.ts';
import type { AccessSource } from './access-source.ts';
import { readKubeconfig, unusable } from './read-kubeconfig.ts';

/** How long credentials are used before they are looked at again, ms. client-go does the same. */
const freshMs = 60_000;

/** Idle connections end themselves by TCP: a dead peer is noticed after about 25 s (tcp(7)). */
const keepAlive = { keepAlive: true, keepAliveMsecs: 15_000, maxFreeSockets: 4 } as const;

interface Made {
  readonly connection: Connection;
  readonly fingerprint: string;
  readonly until: number;
}

/**
 * The way in that a kubeconfig or a pod's service account shows. client-node makes a new agent for
 * each request, so that every one costs a TLS handshake; here one agent lives as long as authority
 * and certificate stay the same.
 */
export class KubeconfigAccess implements ClusterAccess {
  readonly source: string;
  readonly #from: AccessSource;
  readonly #clock: Clock;
  #made: Made | null = null;
  #making: Promise<Made> | null = null;

  constructor(from: AccessSource, clock: Clock) {
    this.source = 'kubeconfig' in from ? from.kubeconfig : 'inCluster';
    this.#from = from;
    this.#clock = clock;
  }

  async connection(): Promise<Connection> {
    if (this.#made !== null && this.#clock.monotonic() < this.#made.until) {
      return this.#made.connection;
    }
    this.#making ??= this.#make().finally(() => {
      this.#making = null;
    });
    this.#made = await this.#making;
    return this.#made.connection;
  }

  renew(): void {
    if (this.#made !== null) this.#made = { ...this.#made, until: 0 };
  }

  close(): void {
    this.#made?.connection.agent.destroy();
  }

  async #make(): Promise<Made> {
    // Always from the file: client-node's authenticators keep tokens for a minute of their own.
    const config = await readKubeconfig(this.#from);
    const cluster = config.getCurrentCluster();
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      throw unusable(this.source, systemReason(error));
    }
    const url = cluster?.server ?? '';
    const fingerprint = fingerprintOf(url, options);
    const until = this.#clock.monotonic() + freshMs;
    const headers = headersOf(options);
    const agent =
      this.#made?.fingerprint === fingerprint
        ? this.#made.connection.agent
        : agentOf(url, options, cluster?.proxyUrl !== undefined);
    return { connection: { url, agent, headers }, fingerprint, until };
  }
}

function agentOf(url: string, options: RequestOptions, proxied: boolean): HttpAgent {
  // Only client-node's own knows the way through a proxy.
  if (proxied && options.agent instanceof HttpAgent) return options.agent;
  if (url.startsWith('http:')) return new HttpAgent(keepAlive);
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  return new HttpsAgent({
    ...keepAlive,
    ca,
    cert,
    key,
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  });
}

function headersOf({ headers, auth }: RequestOptions): Readonly<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    // A token file may end in a line break, which no header can hold.
    if (value !== undefined) all[name.toLowerCase()] = String(value).trim();
  }
  if (typeof auth === 'string') {
    all['authorization'] = `Basic ${Buffer.from(auth).toString('base64')}`;
  }
  return all;
}

function fingerprintOf(url: string, options: RequestOptions): string {
  const hash = createHash('sha256').update(url);
  for (const part of [options.ca, options.cert, options.key, options.servername]) {
    if (Buffer.isBuffer(part) || typeof part === 'string') hash.update(part);
    hash.update('\0');
  }
  return hash.update(String(options.rejectUnauthorized)).digest('hex');
}
