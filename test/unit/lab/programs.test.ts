import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownAlertmanager } from '../../lab/alerts/alertmanager-program.ts';
import { ownPrometheus } from '../../lab/alerts/prometheus-program.ts';
import { ownTool } from '../../lab/kubernetes/programs.ts';
import { tools } from '../../lab/kubernetes/tools.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'urtc-programs-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A program of the machine that says this of its version, there or where older ones say it. */
const program = (place: string, name: string, answer: string, redirect = ''): string => {
  mkdirSync(join(folder, place), { recursive: true });
  const path = join(folder, place, name);
  writeFileSync(path, `#!/bin/sh\necho '${answer}' ${redirect}\n`, { mode: 0o755 });
  return path;
};
const apiServer = (place: string, answer: string): string =>
  program(place, 'kube-apiserver', answer);

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

  it('is taken under the name that Debian gives it, and only in exactly the needed version', async () => {
    const bin = join(folder, 'bin');
    const debians = 'version 0.25.0 (branch: debian/sid, revision: 0.25.0-1+b4)';
    const amtool = program('bin', 'amtool', `amtool, ${debians}`);
    expect(await ownAlertmanager('v0.25.0', [bin])).toBeUndefined();
    const alertmanager = program(
      ...(['bin', 'prometheus-alertmanager', `alertmanager, ${debians}`, '>&2'] as const),
    );
    expect(await ownAlertmanager('v0.25.0', [bin])).toEqual({ alertmanager, amtool });
    expect(await ownAlertmanager('v0.34.0', [bin])).toBeUndefined();
    for (const other of ['0.25.1', '0.25.0-rc.1', '0.25.0.1']) {
      program('bin', 'amtool', `amtool, version ${other} (branch: x)`);
      expect(await ownAlertmanager('v0.25.0', [bin])).toBeUndefined();
    }
    const prometheus = program('bin', 'prometheus', 'prometheus, version 3.14.0 (branch: x)');
    program('bin', 'promtool', 'promtool, version 2.42.0+ds (branch: debian/sid)');
    expect(await ownPrometheus([bin])).toBeUndefined();
    const promtool = program('bin', 'promtool', 'promtool, version 3.14.0 (branch: x)');
    expect(await ownPrometheus([bin])).toEqual({ prometheus, promtool });
  });
});
