import { AppError } from '../../core/errors.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';

function refuse(): never {
  throw new AppError('E_KUBERNETES_NOT_CONFIGURED');
}

/**
 * The port where the config names no cluster: every use throws `E_KUBERNETES_NOT_CONFIGURED`, so
 * that commands need not ask first.
 */
export const noCluster: Kubernetes = {
  get release(): never {
    return refuse();
  },
  get namespace(): never {
    return refuse();
  },
  get view(): never {
    return refuse();
  },
  requests: 0,
  restart: () => refused(),
  readScale: () => refused(),
  scale: () => refused(),
  releaseReplicas: () => refused(),
  deletePod: () => refused(),
  apply: () => refused(),
  logs: () => refuse(),
  exec: () => refused(),
  run: () => refused(),
  dial: () => refused(),
  can: () => refused(),
  identity: () => refused(),
  url: () => refused(),
  version: () => refused(),
  volume: () => refused(),
  secret: () => refused(),
  configMap: () => refused(),
  manifests: () => refuse(),
  listLive: () => refused(),
  listCustom: () => refused(),
  nodeUsage: () => refused(),
  podUsage: () => refused(),
  close: () => Promise.resolve(),
};

function refused(): Promise<never> {
  return Promise.reject(new AppError('E_KUBERNETES_NOT_CONFIGURED'));
}
