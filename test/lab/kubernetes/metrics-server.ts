import { join } from 'node:path';
import { freePort } from '../ports.ts';
import type { LabObject } from './api.ts';
import type { AttachedCluster } from './attached.ts';
import { startOn, type Ground } from './control-plane.ts';
import type { Daemon } from './daemon.ts';

const namespace = 'kube-system';

/** The API server asks it at an address that is no pod's: the Service is a name for loopback. */
const registration = (port: number): readonly LabObject[] => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'metrics-server', namespace },
    spec: { type: 'ExternalName', externalName: 'localhost' },
  },
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      service: { name: 'metrics-server', namespace, port },
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  },
];

/** Starts what serves `metrics.k8s.io` from the figures that kwok makes up. */
export const startMetricsServer = async (
  ground: Ground,
  { kubeconfig, kubectlApply }: Pick<AttachedCluster, 'kubeconfig' | 'kubectlApply'>,
): Promise<Daemon> => {
  const port = await freePort();
  const { pki, programs, folder } = ground;
  const daemon = startOn(ground, programs.metricsServer, [
    ...[`--kubeconfig=${kubeconfig}`, `--authentication-kubeconfig=${kubeconfig}`],
    `--authorization-kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'metrics-server')}`,
    `--tls-cert-file=${pki.file('kubelet.crt')}`,
    `--tls-private-key-file=${pki.file('kubelet.key')}`,
    '--kubelet-use-node-status-port',
    '--kubelet-preferred-address-types=InternalIP',
    `--kubelet-certificate-authority=${pki.file('ca.crt')}`,
    '--metric-resolution=10s',
    '--kubelet-request-timeout=5s',
    // It must be shorter than that, and is as long by default.
    '--kubelet-request-timeout=5s',
  ]);
  await kubectlApply(registration(port));
  return daemon;
};
