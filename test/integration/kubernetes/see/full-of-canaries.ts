import { canaries } from '../../../unit/ops/logs/canaries.ts';

/** A workload of the release with a secret wherever one can stand, and a Secret of all of them. */
export function fullOfCanaries({
  release,
  namespace,
}: {
  readonly release: string;
  readonly namespace: string;
}) {
  const name = `${release}-canaries`;
  const labels = {
    'app.kubernetes.io/part-of': 'matrix-stack',
    'app.kubernetes.io/name': 'canaries',
    'app.kubernetes.io/instance': name,
  };
  const metadata = { name, namespace, labels };
  const lines = canaries.map(({ line }) => line);
  const container = {
    ...{ name: 'canaries', image: 'registry.test/canaries:1', args: lines },
    env: canaries.map(({ secret }, nth) => ({ name: `PLAIN_${nth}`, value: secret })),
  };
  const template = {
    metadata: { labels, annotations: { 'example.org/lines': lines.join('\n').slice(0, 450) } },
    spec: { containers: [container] },
  };
  return [
    {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata },
      stringData: Object.fromEntries(canaries.map(({ secret }, nth) => [`key-${nth}`, secret])),
    },
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
      spec: { replicas: 0, selector: { matchLabels: labels }, template },
    },
    {
      ...{
        apiVersion: 'v1',
        kind: 'Event',
        type: 'Warning',
        reason: 'Told',
        message: lines.join(),
      },
      metadata: { name: `${name}.1`, namespace },
      involvedObject: { kind: 'Deployment', name, namespace, apiVersion: 'apps/v1' },
      ...{ firstTimestamp: new Date().toISOString(), lastTimestamp: new Date().toISOString() },
      source: { component: 'test' },
    },
  ];
}
