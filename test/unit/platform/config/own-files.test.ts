import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../../src/platform/config/config.ts';
import { ownFilesOf } from '../../../../src/platform/config/own-files.ts';
import { configFolder, put, rightConfig } from './folder.ts';

const look = (file: string) => {
  const result = readSettings(file);
  if (!result.ok) throw new Error(result.problems.map(({ code }) => code).join());
  return ownFilesOf(file, result.settings);
};

describe('files of our own', () => {
  it('are the config, its secrets, the kubeconfig, the data and their folders, with their modes', () => {
    const kubernetes = 'kubernetes: { kubeconfig: kube/config }\n';
    const file = configFolder(`${rightConfig}${kubernetes}`);
    const folder = dirname(file);
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    put(data, 'state.sqlite', '');
    chmodSync(join(data, 'state.sqlite'), 0o644);
    chmodSync(join(folder, 'key'), 0o604);
    const found = look(file);
    const modes = (kind: string) =>
      found.flatMap((each) =>
        each.kind === kind && each.state.is === 'seen'
          ? [[each.path, each.state.mode.toString(8)]]
          : [],
      );
    expect(modes('config')).toHaveLength(1);
    expect(modes('secret')).toHaveLength(3);
    expect(modes('secret')).toContainEqual([join(folder, 'key'), '604']);
    expect(modes('data-folder')).toEqual([[data, '700']]);
    expect(modes('data')).toEqual([[join(data, 'state.sqlite'), '644']]);
    expect(modes('folder').map(([path]) => path)).toEqual([folder]);
    const missing = found.filter(({ state }) => state.is === 'missing').map(({ path }) => path);
    expect(missing).toEqual([join(folder, 'kube/config'), join(folder, 'kube')]);
  });
});
