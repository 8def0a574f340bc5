import type { Workload } from '../../platform/kubernetes/port.ts';
import type { ComponentKind } from './component-kind.ts';
import { chartLabel } from './labels.ts';

/** Tag of an image reference; null for one without (then it is `latest`, or pinned by digest). */
export function imageTag(image: string): string | null {
  const [reference = ''] = image.split('@');
  // A colon before the last slash is the registry's port.
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  return colon === -1 ? null : name.slice(colon + 1);
}

/** Version of what a component runs. */
export function versionOf(kind: ComponentKind, workload: Workload): string | null {
  const { containers, labels } = workload;
  const main = containers.find(({ name }) => name === kind.container) ?? containers[0];
  return imageTag(main?.image ?? '') ?? labels[chartLabel.version] ?? null;
}
