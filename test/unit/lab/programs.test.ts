import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownTool } from '../../lab/kubernetes/programs.ts';
import { tools } from '../../lab/kubernetes/tools.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'urtc-programs-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A machine's API server that says this of its version. */
const apiServer = (place: string, answer: string): string => {
  mkdirSync(join(folder, place), { recursive: true });
  const path = join(folder, place, 'kube-apiserver');
  writeFileSync(path, `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 });
  return path;
};

describe('a program that the machine has already', () => {
  it('is taken from KUBEBUILDER_ASSETS before the PATH where its version fits', async () => {
    const assets = apiServer('assets', 'Kubernetes v1.36.9');
    const onPath = apiServer('bin', 'Kubernetes v1.36.4');
    const environment = {
      KUBEBUILDER_ASSETS: join(folder, 'assets'),
      PATH: `${folder}:${join(folder, 'bin')}`,
    };
    expect(await ownTool(tools.kubeApiserver, environment)).toBe(assets);
    apiServer('assets', 'Kubernetes v1.35.2');
    expect(await ownTool(tools.kubeApiserver, environment)).toBe(onPath);
  });

  it('is not taken where its version is another or it does not run', async () => {
    const environment = { PATH: join(folder, 'bin') };
    expect(await ownTool(tools.kubeApiserver, environment)).toBeUndefined();
    apiServer('bin', 'Kubernetes v1.37.0');
    expect(await ownTool(tools.kubeApiserver, environment)).toBeUndefined();
    writeFileSync(join(folder, 'bin/kube-apiserver'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect(await ownTool(tools.kubeApiserver, environment)).toBeUndefined();
  });
});
