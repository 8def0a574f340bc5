/** What of the stack is reached over HTTP. */
export const endpointNames = [
  'synapse',
  'mas',
  'well-known',
  'rtc-auth',
  'element-web',
  'postgres-metrics',
  'alertmanager',
] as const;
/** One of {@link endpointNames}. */
export type EndpointName = (typeof endpointNames)[number];

/** Where the config says that something is, instead of where it would be looked for. */
export type EndpointUrls = { readonly [Name in EndpointName]?: string };

/** How an endpoint was reached. */
export type Way = 'config' | 'service' | 'forward';

/** One request: nothing is changed by it, and no redirect is followed. */
export interface EndpointRequest {
  readonly method?: 'GET' | 'POST';
  /** Path and query, from the slash on. */
  readonly path: string;
  /** Value of the header Host, where it is not that of the address. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, the connection included, ms. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What came back. */
export interface EndpointAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** At most 1 MiB; the rest is not read. */
  readonly text: string;
  readonly way: Way;
  /** ms. */
  readonly tookMs: number;
}

/** Reaches what runs in the cluster. */
export interface Endpoints {
  /** Whether there is anything to ask: a URL in the config, or a Service. */
  has(name: EndpointName): boolean;
  /**
   * Asks. Throws `E_ENDPOINT_MISSING` where there is neither URL nor Service,
   * `E_ENDPOINT_UNREACHABLE` where nothing answers in time, or the reason of the signal.
   */
  ask(name: EndpointName, request: EndpointRequest): Promise<EndpointAnswer>;
  /** Ends kept connections. */
  close(): void;
}
