import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../wait.ts';
import type { Api } from './api.ts';
import { execInPod } from './pod-exec.ts';
import type { ContainerRef } from './pods.ts';
import { shimsIn, writeShim } from './shims.ts';

/**
 * Gives a container shell scripts instead of programs, for as long as its pod lives. Returns when
 * commands in the container find them.
 */
export const putPrograms = async (
  api: Api,
  folder: string,
  ref: ContainerRef,
  scripts: Readonly<Record<string, string>>,
): Promise<void> => {
  const { namespace, pod, container } = ref;
  const ofPod = join(folder, 'programs', namespace, pod);
  const own = join(ofPod, container);
  mkdirSync(own, { recursive: true });
  for (const [name, script] of Object.entries(scripts)) {
    const file = join(own, name);
    writeFileSync(file, script.startsWith('#!') ? script : `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    if (!existsSync(join(shimsIn(folder), name))) writeShim(shimsIn(folder), name);
  }
  const execs = readdirSync(ofPod).map((name) => {
    const programs = join(ofPod, name);
    const path = `${programs}:${shimsIn(folder)}:/usr/bin:/bin`;
    const envs = [
      { name: 'URTC_LAB_PROGRAMS', value: programs },
      { name: 'PATH', value: path },
    ];
    return { containers: [name], local: { envs } };
  });
  await api.apply({
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Exec',
    metadata: { name: pod, namespace },
    spec: { execs: [...execs, { local: {} }] },
  });
  const ask = ['/bin/sh', '-c', 'echo "$URTC_LAB_PROGRAMS"'];
  await until(
    `the programs of ${namespace}/${pod}/${container}`,
    async () => ((await execInPod(api, ref, ask)).stdout.trim() === own ? true : undefined),
    { timeoutMs: 30_000 },
  );
};
