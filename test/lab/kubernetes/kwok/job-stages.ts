import { done, podStatus } from './pod-status.ts';
import { isJobsPod } from './pod-stages.ts';
import type { Match, Stage } from './stage.ts';

/** Names (`app.kubernetes.io/name`) of the chart's hook Jobs that make something. */
const secretsJob = 'init-secrets';
const markersJobs = ['deployment-markers-pre', 'deployment-markers-post'];

const isNamed = (operator: 'In' | 'NotIn', values: readonly string[]): Match => ({
  ...{ key: '.metadata.labels["app.kubernetes.io/name"]', operator, values },
});

const succeeded = podStatus({ phase: 'Succeeded', target: done });

/** Reads what stands behind a flag in the first container's arguments into `$given`. */
const argument = (flag: string): string => `
{{ $given := "" }}{{ $labels := "" }}{{ $before := "" }}
{{ range ( index .spec.containers 0 ).args }}
{{ if eq $before "${flag}" }}{{ $given = . }}{{ end }}
{{ if eq $before "-labels" }}{{ $labels = . }}{{ end }}
{{ $before = . }}
{{ end }}
{{ $first := splitList ":" ( first ( splitList "," $given ) ) }}`;

const metadata = (manager: string): string => `
metadata:
  name: {{ first $first }}
  namespace: {{ .metadata.namespace }}
  labels:
{{ range splitList "," $labels }}
    {{ first ( splitList "=" . ) }}: {{ last ( splitList "=" . ) | Quote }}
{{ end }}
    app.kubernetes.io/managed-by: ${manager}`;

/**
 * What the chart's job makes of `-secrets NAME:KEY:KIND,…`. A value depends on nothing but
 * namespace, name and key: the job of an upgrade makes the same ones, as the real one keeps them.
 * Passwords have the real one's shape: 32 letters and digits, 32 bytes in hex.
 */
const generated = `
${argument('-secrets')}
{{ $namespace := .metadata.namespace }}
apiVersion: v1
kind: Secret
${metadata('matrix-tools-init-secrets')}
stringData:
{{ range splitList "," $given }}
{{ $part := splitList ":" . }}
{{ $random := sha256sum ( printf "%s/%s" $namespace . ) }}
{{ $kind := index $part 2 }}
  {{ index $part 1 }}: {{ if eq $kind "signingkey" }}{{ printf "ed25519 0 %s" ( trunc 43 ( b64enc $random ) ) | Quote }}{{ else if eq $kind "extra" }}"{}"{{ else if eq $kind "hex32" }}{{ $random | Quote }}{{ else }}{{ trunc 32 ( b64enc $random ) | Quote }}{{ end }}
{{ end }}`;

/** What the chart's job makes of `-markers NAME:KEY:VALUE:…`. */
const markers = `
${argument('-markers')}
apiVersion: v1
kind: ConfigMap
${metadata('matrix-tools-deployment-markers')}
data:
  {{ index $first 1 }}: {{ index $first 2 | Quote }}`;

/** Jobs end at once. Those of the chart that make objects make them: kwok runs no containers. */
export const jobStages: readonly Stage[] = [
  {
    name: 'job-secrets',
    kind: 'Pod',
    when: [...isJobsPod, isNamed('In', [secretsJob])],
    objects: [generated],
    status: succeeded,
  },
  {
    name: 'job-markers',
    kind: 'Pod',
    when: [...isJobsPod, isNamed('In', markersJobs)],
    objects: [markers],
    status: succeeded,
  },
  {
    name: 'job-done',
    kind: 'Pod',
    when: [...isJobsPod, isNamed('NotIn', [secretsJob, ...markersJobs])],
    status: succeeded,
  },
];
