import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPython } from '../../lab/synapse/python.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'urtc-python-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What a machine with another Python would answer. */
const python = (name: string, answer: string): string => {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 });
  return path;
};

describe('looking for a Python', () => {
  it('takes the first that is new enough and has venv (stand-ins for other Pythons)', async () => {
    const good = python('good', '["3.12.1 (main)", "aarch64", true, true]');
    const old = python('old', '["3.9.2 (main)", "x86_64", false, true]');
    expect(await findPython([join(folder, 'none'), old, good])).toEqual({
      path: good,
      version: '3.12.1 (main)',
      machine: 'aarch64',
    });
  });

  it('says what it tried and what to do next (stand-ins for other Pythons)', async () => {
    const old = python('old', '["3.9.2 (main)", "x86_64", false, true]');
    const bare = python('bare', '["3.11.2 (main)", "x86_64", true, false]');
    const broken = python('broken', 'Segmentation fault');
    const found = findPython([old, bare, broken, join(folder, 'none')]);
    await expect(found).rejects.toThrow(/old: is 3\.9\.2, too old/);
    await expect(found).rejects.toThrow(/bare: has no venv/);
    await expect(found).rejects.toThrow(/broken: /);
    await expect(found).rejects.toThrow(/none: not there/);
    await expect(found).rejects.toThrow(/apt install python3 python3-venv/);
  });
});
