import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLogs } from './default-logs.ts';
import { jobStages } from './job-stages.ts';
import { metricsResources } from './metrics.ts';
import { nodeStages } from './node-stages.ts';
import { podStages } from './pod-stages.ts';
import { stageResource } from './stage.ts';
import { volumeStages } from './volume-stages.ts';

/** Kinds of kwok that tests make objects of, in the cluster itself. */
export const liveKinds = { Logs: 'logs', Exec: 'execs', PortForward: 'portforwards' } as const;

/** They have no schema here: kwok checks what it reads. */
export const kwokDefinitions: readonly unknown[] = Object.entries(liveKinds).map(
  ([kind, plural]) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.kwok.x-k8s.io` },
    spec: {
      group: 'kwok.x-k8s.io',
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          },
        },
      ],
    },
  }),
);

/** A command in any container is run on this machine, with kwok's own PATH: see `shims.ts`. */
const exec: unknown = {
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'ClusterExec',
  metadata: { name: 'default' },
  spec: { execs: [{ local: {} }] },
};

/** Writes kwok's config for a cluster into its folder and returns its path. JSON is YAML. */
export const writeKwokConfig = (folder: string): string => {
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const stages = [
    ...podStages,
    ...jobStages,
    ...nodeStages,
    ...volumeStages(join(folder, 'volumes')),
  ];
  const resources = [...stages.map(stageResource), exec, defaultLogs(logs), ...metricsResources];
  const file = join(folder, 'kwok.yaml');
  writeFileSync(file, resources.map((each) => JSON.stringify(each)).join('\n---\n'));
  return file;
};
