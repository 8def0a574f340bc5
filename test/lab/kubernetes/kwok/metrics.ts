/** How much a pod uses, read by kwok where a test has written it on the pod. */
const usage = (resource: 'cpu' | 'memory', otherwise: string) => ({
  expression: [
    `"kwok.x-k8s.io/usage-${resource}" in pod.metadata.annotations`,
    `? Quantity(pod.metadata.annotations["kwok.x-k8s.io/usage-${resource}"])`,
    `: Quantity("${otherwise}")`,
  ].join('\n'),
});

const label = (name: string, value: string) => ({ name, value });
const podLabels = [label('namespace', 'pod.metadata.namespace'), label('pod', 'pod.metadata.name')];
const containerLabels = [label('container', 'container.name'), ...podLabels];

type Dimension = 'node' | 'pod' | 'container';

const metric = (dimension: Dimension, name: string, kind: 'gauge' | 'counter', value: string) => ({
  name,
  dimension,
  kind,
  value,
  ...(dimension === 'node' ? {} : { labels: dimension === 'pod' ? podLabels : containerLabels }),
});

const used = (dimension: Dimension, subject: string, more = '') => [
  metric(
    dimension,
    `${dimension}_cpu_usage_seconds_total`,
    'counter',
    `${subject}.CumulativeUsage("cpu"${more})`,
  ),
  metric(
    dimension,
    `${dimension}_memory_working_set_bytes`,
    'gauge',
    `${subject}.Usage("memory"${more})`,
  ),
];

/** Where kwok serves what a kubelet serves at `/metrics/resource`; said to metrics-server by the node. */
export const metricsPath = (node: string): string => `/metrics/nodes/${node}/metrics/resource`;

/** kwok's resources for the figures that metrics-server reads from kubelets. */
export const metricsResources: readonly unknown[] = [
  {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterResourceUsage',
    metadata: { name: 'usage' },
    spec: { usages: [{ usage: { cpu: usage('cpu', '5m'), memory: usage('memory', '40Mi') } }] },
  },
  {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Metric',
    metadata: { name: 'metrics-resource' },
    spec: {
      path: metricsPath('{nodeName}'),
      metrics: [
        metric('node', 'scrape_error', 'gauge', '0'),
        metric('container', 'container_start_time_seconds', 'gauge', 'pod.SinceSecond()'),
        ...used('container', 'pod', ', container.name'),
        ...used('pod', 'pod'),
        ...used('node', 'node'),
      ],
    },
  },
];
