import { Agent } from 'node:http';
import { AppError } from '../../core/errors.ts';
import { say, type Text } from '../../core/text.ts';
import type { Clock } from '../clock.ts';
import { isThisMachine } from '../disk/this-machine.ts';
import { ForwardAgent } from '../kubernetes/forward/agent.ts';
import type { Kubernetes } from '../kubernetes/port.ts';
import { systemCode } from '../system-failure.ts';
import {
  type EndpointAnswer,
  type EndpointName,
  type EndpointRequest,
  type Endpoints,
  type EndpointUrls,
  type Way,
} from './endpoint.ts';
import { exchange, TooSlow } from './exchange.ts';
import { placeOf, type PlacedService } from './places.ts';

/** What {@link ClusterEndpoints} is made of. */
export interface EndpointOptions {
  /** Null: there is no cluster, only what `urls` names is there. */
  readonly kubernetes: Kubernetes | null;
  readonly urls: EndpointUrls;
  readonly clock: Clock;
  /**
   * Whether Service addresses lead into the cluster from here; default: on a node of it, or in a pod.
   * Elsewhere the same addresses may lead to anybody.
   */
  readonly isInside?: () => boolean;
  /** How long a Service address may take to take a connection, ms; default 700. */
  readonly connectMs?: number;
}

type ClusterWay = Exclude<Way, 'config'>;

/** How long a way that worked is taken without trying another, ms. */
const waysLastMs = 5 * 60_000;

/**
 * Reaches the stack by what the config says, by the Service's address (on a node of the cluster), or
 * through the API server. Which of the last two works is tried once and remembered for all.
 */
export class ClusterEndpoints implements Endpoints {
  readonly #options: EndpointOptions;
  readonly #direct = new Agent({ keepAlive: true, maxSockets: 4, maxFreeSockets: 1 });
  readonly #forwards = new Map<string, ForwardAgent>();
  #way: { readonly way: ClusterWay; readonly until: number } | null = null;
  #probing: Promise<ClusterWay> | null = null;

  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  has(name: EndpointName): boolean {
    const { urls, kubernetes } = this.#options;
    return urls[name] !== undefined || (kubernetes !== null && placeOf(kubernetes, name) !== null);
  }

  async ask(name: EndpointName, request: EndpointRequest): Promise<EndpointAnswer> {
    const { urls, kubernetes } = this.#options;
    const url = urls[name];
    if (url !== undefined) return this.#send(name, { url, way: 'config' }, request);
    const place = kubernetes === null ? null : placeOf(kubernetes, name);
    if (kubernetes === null || place === null) throw new AppError('E_ENDPOINT_MISSING', { name });
    const way = await this.#wayTo(place, request.signal);
    if (way === 'service') {
      const agent = this.#direct;
      return this.#send(name, { url: addressOf(place), way, agent }, request);
    }
    const agent = this.#forwardTo(kubernetes, place);
    // The name is for the header Host only: the connection is the forwarded one.
    return this.#send(name, { url: `http://${place.service.name}`, way, agent }, request);
  }

  close(): void {
    this.#direct.destroy();
    for (const agent of this.#forwards.values()) agent.destroy();
  }

  /** The way that worked last; tried the first time, and again from time to time beside the work. */
  async #wayTo(place: PlacedService, signal: AbortSignal | undefined): Promise<ClusterWay> {
    if (place.service.clusterIP === null || !this.#isInside()) return 'forward';
    const known = this.#way;
    const isFresh = known !== null && this.#options.clock.monotonic() < known.until;
    // Requests run side by side: one of them finds out for all.
    if (!isFresh) this.#probing ??= this.#probe(addressOf(place));
    if (known !== null) return known.way;
    const way = (await this.#probing) ?? 'forward';
    signal?.throwIfAborted();
    return way;
  }

  #isInside(): boolean {
    const { kubernetes, isInside } = this.#options;
    if (isInside !== undefined) return isInside();
    // Set in every pod (Kubernetes docs, accessing the API from a pod).
    if (process.env['KUBERNETES_SERVICE_HOST'] !== undefined) return true;
    return kubernetes?.view.list('Node').value.some(isThisMachine) ?? false;
  }

  async #probe(url: string): Promise<ClusterWay> {
    const { clock, connectMs = 700 } = this.#options;
    const way = (await this.#tryAddress(url, connectMs)) ? 'service' : 'forward';
    this.#way = { way, until: clock.monotonic() + waysLastMs };
    this.#probing = null;
    return way;
  }

  /** Whether anything takes a connection there; a refused one comes from a node, too. */
  async #tryAddress(url: string, timeoutMs: number): Promise<boolean> {
    try {
      await exchange({ url, agent: this.#direct }, { path: '/', timeoutMs });
      return true;
    } catch (error) {
      // Whatever it was: there is another way.
      return error instanceof Error && systemCode(error) === 'ECONNRESET';
    }
  }

  #forwardTo(kubernetes: Kubernetes, { service, port }: PlacedService): ForwardAgent {
    const { namespace, name } = service;
    const key = `${namespace}/${name}:${port}`;
    const known = this.#forwards.get(key);
    if (known !== undefined) return known;
    const made = new ForwardAgent(kubernetes, { service: { namespace, name }, port });
    this.#forwards.set(key, made);
    return made;
  }

  async #send(
    name: EndpointName,
    to: { readonly url: string; readonly way: Way; readonly agent?: Agent },
    request: EndpointRequest,
  ): Promise<EndpointAnswer> {
    try {
      const { way, ...address } = to;
      return { ...(await exchange(address, request)), way };
    } catch (error) {
      if (request.signal?.aborted === true) throw error;
      // What keeps a forward from being made says it itself, e.g. the missing rule.
      if (error instanceof AppError) throw error;
      // The way may be gone, e.g. after a restart of the cluster: the next one looks again.
      if (to.way === 'service') this.#way = null;
      throw new AppError(
        'E_ENDPOINT_UNREACHABLE',
        { name, url: to.url, reason: reasonOf(error, request.timeoutMs) },
        error,
      );
    }
  }
}

function addressOf({ service, port }: PlacedService): string {
  const host = service.clusterIP ?? '';
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function reasonOf(error: unknown, limit: number): Text {
  if (error instanceof TooSlow) return say('endpoint.too-slow', { limit: { span: limit } });
  const code = systemCode(error);
  if (code === 'ECONNREFUSED') return say('endpoint.refused');
  const detail = code ?? (error instanceof Error ? error.name : 'error');
  return say('endpoint.broken', { detail });
}
