import type { Labels } from '../../platform/kubernetes/port.ts';

/** Labels by which the chart's objects are found; a release's name stands only in `instance`. */
export const chartLabel = {
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  partOf: 'app.kubernetes.io/part-of',
  version: 'app.kubernetes.io/version',
  chart: 'helm.sh/chart',
} as const;

/** Value of `part-of` on everything that the chart makes. */
const matrixStack = 'matrix-stack';

/** Whether an object is of the chart and of this release, whatever the component. */
export function isOfRelease(labels: Labels, release: string): boolean {
  return (
    labels[chartLabel.partOf] === matrixStack &&
    (labels[chartLabel.instance] ?? '').startsWith(`${release}-`)
  );
}

/**
 * Whether an object belongs to the component with this label `name` in this release. Both labels
 * have to fit: a release `ess-synapse` next to a release `ess` has instances that begin alike.
 */
export function isOfComponent(labels: Labels, release: string, name: string): boolean {
  return labels[chartLabel.name] === name && labels[chartLabel.instance] === `${release}-${name}`;
}

/** Version of the chart from `helm.sh/chart: matrix-stack-26.8.2`; null where it is not told. */
export function chartVersionOf(labels: Labels): string | null {
  const chart = labels[chartLabel.chart];
  const prefix = `${matrixStack}-`;
  // Helm writes `+` of a version as `_`, which a label can't hold.
  return chart?.startsWith(prefix) === true ? chart.slice(prefix.length).replace('_', '+') : null;
}
