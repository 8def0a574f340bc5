import type { Agent } from 'node:http';

/** How a request gets to the API server and in. */
export interface Connection {
  /** Base URL without the last slash. */
  readonly url: string;
  /** Holds the authority and our certificate where there is one; keeps connections. */
  readonly agent: Agent;
  /** Holds our token where there is one: never to be logged. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The way to the API server, whose credentials may change while we run. */
export interface ClusterAccess {
  /** Where the credentials come from, for people. */
  readonly source: string;
  /** Throws `E_KUBERNETES_CONFIG`, `E_SECRET_MODE`. */
  connection(): Promise<Connection>;
  /** What `connection` gave was not accepted: read the credentials again next time. */
  renew(): void;
  /** Ends every connection. */
  close(): void;
}
