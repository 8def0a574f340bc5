import type { SharedCluster } from '../../../lab/kubernetes/shared.ts';
import type { Names } from './guarded.ts';

/** What there may be one of, by the name that the chart gives its object. */
export const singles = [
  ...['synapse-main', 'postgres', 'matrix-rtc-sfu', 'redis', 'valkey', 'hookshot'],
  // The ten workers.
  ...['synapse-account-data', 'synapse-appservice', 'synapse-background', 'synapse-encryption'],
  ...['synapse-media-repo', 'synapse-presence-write', 'synapse-push-rules', 'synapse-sso-login'],
  ...['synapse-typing', 'synapse-user-dir'],
] as const;

/**
 * A Deployment and StatefulSets called as in ESS. They have everything that a patch may bend, and
 * no pods: what a policy says to a patch needs none.
 */
export const makeWorkloads =
  ({ ess: { release, namespace } }: Names) =>
  async (cluster: SharedCluster): Promise<void> => {
    const workload = (kind: 'Deployment' | 'StatefulSet', component: string) => {
      const name = `${release}-${component}`;
      const labels = { 'app.kubernetes.io/instance': name };
      return {
        apiVersion: 'apps/v1',
        kind,
        metadata: { name, namespace, labels, annotations: { by: 'the chart' } },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
          template: {
            metadata: { labels, annotations: { kept: 'yes' } },
            spec: {
              initContainers: [{ name: 'render-config', image: 'example.org/tools:1' }],
              containers: [
                {
                  name: 'main',
                  image: 'example.org/main:1',
                  env: [{ name: 'LANG', value: 'C' }],
                  volumeMounts: [{ name: 'config', mountPath: '/config' }],
                },
                { name: 'exporter', image: 'example.org/exporter:1' },
              ],
              volumes: [{ name: 'config', emptyDir: {} }],
            },
          },
        },
      };
    };
    await cluster.kubectlApply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      workload('Deployment', 'haproxy'),
      ...singles.map((name) => workload('StatefulSet', name)),
    ]);
  };
