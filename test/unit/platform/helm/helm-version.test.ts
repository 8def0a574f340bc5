import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installedHelm } from '../../../../src/platform/helm/helm-version.ts';

const path = process.env['PATH'];
let folder: string;

const program = (script: string): void => {
  const file = join(folder, 'helm');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
};

describe('the version of Helm on this machine', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'urtc-helm-'));
    process.env['PATH'] = `${folder}:/bin:/usr/bin`;
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true, force: true });
  });

  it('is what it says', async () => {
    program('[ "$*" = "version --short" ] && echo v4.2.4+g1a2b3c4');
    expect(await installedHelm()).toBe('v4.2.4+g1a2b3c4');
  });

  it('is none where there is none, or where it fails', async () => {
    process.env['PATH'] = folder;
    expect(await installedHelm()).toBeNull();
    process.env['PATH'] = `${folder}:/bin`;
    program('exit 3');
    expect(await installedHelm()).toBeNull();
  });

  it('is not asked of a program in the current folder', async () => {
    program('echo v9.9.9');
    const before = process.cwd();
    process.chdir(folder);
    process.env['PATH'] = `:.:${folder.slice(1)}:/nowhere`;
    expect(await installedHelm()).toBeNull();
    process.chdir(before);
  });

  it('is not told our environment', async () => {
    process.env['URTC_TEST_LOOT'] = 'loot';
    program('echo "[$URTC_TEST_LOOT]"');
    expect(await installedHelm()).toBe('[]');
    delete process.env['URTC_TEST_LOOT'];
  });

  it('ends with its signal', async () => {
    program('sleep 5');
    const reason = new Error('enough');
    await expect(installedHelm(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
