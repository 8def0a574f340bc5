import type { Log } from '../../core/log.ts';
import type { Clock } from '../clock.ts';
import { KubeconfigAccess } from './access/kubeconfig-access.ts';
import type { AccessSource } from './access/access-source.ts';
import { Cluster } from './cluster.ts';
import { parseNamespace } from './namespace.ts';
import type { Kubernetes } from './port.ts';

/** Which cluster is opened, and what of it we look after. */
export interface OpenOptions {
  readonly from: AccessSource;
  /** Release of the chart. */
  readonly release: string;
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Opens the cluster: returns at once; the first use asks it, the first look at its view begins to
 * watch it. An API server that is down or a kubeconfig
 * that can't be read are states of the view, not errors here, because either may heal. Throws
 * `E_ID_INVALID` for a namespace that can't be one.
 *
 * Import this file dynamically: with it comes the WebSocket client.
 */
export function openKubernetes({ from, release, namespace, clock, log }: OpenOptions): Kubernetes {
  const access = new KubeconfigAccess(from, clock);
  return new Cluster({ access, release, namespace: parseNamespace(namespace), clock, log });
}
