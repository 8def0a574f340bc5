import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkMachine } from '../../../src/cli/config-check/on-this-machine.ts';
import { checkRelease } from '../../../src/cli/config-check/release.ts';
import { AppError } from '../../../src/core/errors.ts';
import { translate } from '../../../src/core/words/translate.ts';
import { readSettings } from '../../../src/platform/config/config.ts';
import { FakeCluster } from '../../fakes/cluster.ts';
import { fakeRelease } from '../../fakes/release.ts';
import { configFolder, put, rightConfig } from '../platform/config/folder.ts';

function findingsOf(file: string, passwdFile?: string) {
  const result = readSettings(file);
  if (!result.ok) throw new Error(result.problems.map((each) => each.code).join());
  return checkMachine(file, result.settings, {}, passwdFile).findings;
}

function check(file: string, passwdFile?: string) {
  return findingsOf(file, passwdFile).map((finding) =>
    finding.kind === 'error'
      ? { code: finding.error.code, ...finding.error.params }
      : { kind: finding.kind, text: finding.text },
  );
}

describe('config check on this machine', () => {
  it('finds nothing but that the data folder will be made', () => {
    const file = configFolder();
    const missing = { kind: 'note', text: { key: 'config.data-missing' } };
    expect(check(file)).toMatchObject([missing]);
    mkdirSync(join(dirname(file), 'data'));
    expect(check(file)).toEqual([]);
  });

  it('finds every mistake at once: tokens, groups, folder', () => {
    const file = configFolder(
      `${rightConfig.replace('key: { file: key }', 'key: { file: nowhere }')}dataDir: key/data
terminal: { groups: { viewer: no-such-group, admin: 'nor this' } }
`,
    );
    put(dirname(file), 'admin-token', 'syt_bot_token\n');
    expect(check(file)).toMatchObject([
      { code: 'E_SECRET_UNREADABLE', place: 'key', reason: { key: 'system.ENOENT' } },
      { place: 'admin.accessToken', reason: { key: 'settings.reason.same-token' } },
      {
        place: 'terminal.groups.viewer',
        reason: { params: { command: 'groupadd -- no-such-group' } },
      },
      { place: 'terminal.groups.admin', reason: { params: { command: "groupadd -- 'nor this'" } } },
      { place: 'dataDir', code: 'E_CONFIG_INVALID' },
    ]);
  });

  it('warns of what has no effect: healing without a cluster, a folder that is not there', () => {
    const warnings = (lines: string) =>
      findingsOf(configFolder(`${rightConfig}dataDir: .\n${lines}`)).map((each) =>
        each.kind === 'error'
          ? [each.error.code]
          : [each.kind, translate(each.text, 'en').split(',')[0]],
      );
    expect(warnings('healing: { enabled: true }\n')).toEqual([
      ['warning', 'Self-healing is switched on (`healing.enabled`)'],
    ]);
    const cluster = (path: string) => `kubernetes: { inCluster: true, storagePath: ${path} }\n`;
    expect(warnings(`healing: { enabled: true }\n${cluster('/nowhere')}`)).toEqual([
      ['warning', 'This machine has no folder /nowhere (`kubernetes.storagePath`)'],
    ]);
    expect(warnings(cluster('/proc/version/x'))).toHaveLength(1);
    expect(warnings(cluster('/tmp'))).toEqual([]);
  });

  it('warns where everybody may only read', () => {
    const viewer = rightConfig.replace('role: admin', 'role: viewer');
    expect(check(configFolder(`${viewer}dataDir: .\n`))).toMatchObject([
      { kind: 'warning', text: { key: 'config.only-readers' } },
    ]);
  });

  it.runIf(process.getuid?.() === 0)(
    "finds what the unit's user can not read, before there is a data folder, and the config itself",
    () => {
      const file = configFolder();
      const folder = dirname(file);
      const passwd = put(folder, 'passwd', 'root:x:0:0::/:\nurtc:x:65534:65533::/:\n');
      chmodSync(folder, 0o711);
      chmodSync(file, 0o600);
      expect(check(file, passwd).slice(-4)).toMatchObject([
        {
          ...{ code: 'E_CONFIG_UNREADABLE', file },
          reason: { params: { command: `chown 65534:65533 -- ${file}` } },
        },
        { code: 'E_SECRET_UNREADABLE', place: 'bot.accessToken' },
        { code: 'E_SECRET_UNREADABLE', place: 'admin.accessToken' },
        { code: 'E_SECRET_UNREADABLE', place: 'key' },
      ]);
      expect(check(file, put(folder, 'nobody', ''))).toHaveLength(1);
    },
  );

  it.runIf(process.getuid?.() === 0)("finds secrets that the bot's user can not read", () => {
    const file = configFolder();
    const folder = dirname(file);
    const data = join(folder, 'data');
    mkdirSync(data);
    chownSync(folder, 65_534, 65_534);
    chownSync(data, 65_534, 65_534);
    for (const name of ['bot-token', 'key']) chownSync(join(folder, name), 65_534, 65_534);
    expect(check(file)).toMatchObject([
      {
        ...{ code: 'E_SECRET_UNREADABLE', place: 'admin.accessToken' },
        source: join(folder, 'admin-token'),
        reason: { params: { command: `chown 65534:65534 -- ${join(folder, 'admin-token')}` } },
      },
    ]);
    expect(process.geteuid?.()).toBe(0);
  });
});

describe('config check at the cluster (fake cluster)', () => {
  const { signal } = new AbortController();

  it('warns of a release that is not there', async () => {
    const findings = await checkRelease(new FakeCluster({ release: 'nope' }), signal);
    expect(findings).toMatchObject([
      { kind: 'warning', text: { key: 'E_RELEASE_EMPTY', params: { release: 'nope' } } },
    ]);
    expect(await checkRelease(fakeRelease(), signal)).toEqual([]);
  });

  it('says nothing of a release that can not be seen', async () => {
    const cluster = new FakeCluster();
    const problem = new AppError('E_KUBERNETES_FORBIDDEN', { verb: 'list' });
    cluster.view.setState({ is: 'forbidden', problem }, ['Deployment']);
    expect(await checkRelease(cluster, signal)).toEqual([]);
    cluster.view.setState({ is: 'disconnected', since: 0, problem });
    expect(await checkRelease(cluster, signal)).toEqual([]);
  });
});
