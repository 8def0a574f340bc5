import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import {
  loadConfig,
  readSettings,
  settingsAsYaml,
} from '../../../../src/platform/config/config.ts';
import { configPath, systemConfigFile } from '../../../../src/platform/config/default-path.ts';
import { differenceOf } from '../../../../src/platform/config/difference.ts';
import { configFolder, freshFolder, keyText, put, rightConfig } from './folder.ts';

function refusal(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** `place: reason` of each problem, in English. */
function problems(text: string): string[] {
  const result = readSettings(configFolder(text));
  if (result.ok) return [];
  return result.problems.map(({ code, params }) =>
    code === 'E_CONFIG_INVALID'
      ? [params['place'], params['reason']].map((text) => translate(text ?? null, 'en')).join(': ')
      : code,
  );
}

describe('a right config', () => {
  it('is read with its defaults, absolute folders and secrets', () => {
    const file = configFolder();
    const config = loadConfig(file, {});
    expect(config.settings.homeserver.url).toBe('http://127.0.0.1:8008');
    expect(config.adminUrl).toBe('http://127.0.0.1:8008');
    expect(config.folders).toEqual({
      data: join(dirname(file), 'data'),
      sockets: join(dirname(file), 'run'),
    });
    expect(config.settings).toMatchObject({
      adminRoom: 'create',
      language: 'en',
      http: { host: '127.0.0.1', port: 9464 },
      confirmation: { ttlSeconds: 300, trustReactionsIn: [] },
      staleAfterSeconds: 300,
    });
    expect(config.secrets.botToken.reveal()).toBe('syt_bot_token');
    expect(Buffer.from(config.secrets.masterKey.reveal()).toString('base64')).toBe(keyText);
  });

  it('[#25] shows no secret when it is printed, dumped or made JSON', () => {
    const config = loadConfig(configFolder(), {});
    const shown = [
      inspect(config, { depth: 9 }),
      JSON.stringify(config),
      settingsAsYaml(config.settings),
    ];
    for (const text of shown) expect(text).not.toMatch(/syt_|BwcH/);
    expect(settingsAsYaml(config.settings)).toContain('file: bot-token');
  });

  it('takes secrets from the environment', () => {
    const file = configFolder(rightConfig.replace('{ file: bot-token }', '{ env: BOT_TOKEN }'));
    expect(loadConfig(file, { BOT_TOKEN: 'from-env' }).secrets.botToken.reveal()).toBe('from-env');
    expect(refusal(() => loadConfig(file, {}))).toMatchObject({
      ...{ code: 'E_SECRET_UNREADABLE', params: { advice: { key: 'secret.not-set.next' } } },
    });
  });
});

describe('a wrong config', () => {
  it.each([
    [
      'an unknown key, with the nearest name',
      rightConfig.replace('homeserver:', 'homeservr:'),
      [
        'homeserver (line 1): it is missing',
        'homeservr (line 1): there is no such setting (did you mean “homeserver”?)',
      ],
    ],
    [
      'an unknown key inside',
      `${rightConfig}http: { prot: 1 }\n`,
      ['http.prot (line 10): there is no such setting (did you mean “port”?)'],
    ],
    [
      'an unknown key of a person',
      rightConfig.replace('role: admin', 'role: admin, langage: en'),
      ['people[0].langage (line 9): there is no such setting (did you mean “language”?)'],
    ],
    [
      'a token in the file, not repeated in the answer',
      rightConfig.replace('{ file: bot-token }', 'syt_bot_token'),
      [
        'bot.accessToken (line 4): a secret stands in a file or in the environment, never here: write { file: PATH } or { env: NAME }',
      ],
    ],
    [
      'a wrong role',
      rightConfig.replace('role: admin', 'role: boss'),
      ['people[0].role (line 9): it must be one of: viewer, operator, admin'],
    ],
    [
      'a URL without scheme',
      rightConfig.replace('http://127.0.0.1:8008/', 'example.org'),
      ['homeserver.url (line 1): it must be a plain URL such as http://127.0.0.1:8008'],
    ],
    [
      'a URL with a password',
      rightConfig.replace('http://127', 'http://a:b@127'),
      ['homeserver.url (line 1): it must be a plain URL such as http://127.0.0.1:8008'],
    ],
    [
      'no user id',
      rightConfig.replace("'@anna:example.org'", 'anna'),
      ['people[0].user (line 9): it must be a full user id such as @anna:example.org'],
    ],
    [
      'one person twice',
      `${rightConfig}  - { user: '@anna:example.org', role: viewer }\n`,
      ['people[1].user (line 10): this person stands in the list twice'],
    ],
    [
      'a port out of range and a room by its alias',
      `${rightConfig}http: { port: 70000 }\nadminRoom: '#a:b'\n`,
      [
        'http.port (line 10): it must be at most 65535',
        'adminRoom (line 11): it must be “create” or a room id such as !abc:example.org',
      ],
    ],
    [
      'a text where a group belongs',
      `${rightConfig}log: info\n`,
      ['log (line 10): it must be a group of settings'],
    ],
    ['nobody', rightConfig.replace(/people:[^]*/, 'people: []\n'), ['E_CONFIG_NOBODY_ALLOWED']],
    ['no people at all', rightConfig.replace(/people:[^]*/, ''), ['E_CONFIG_NOBODY_ALLOWED']],
  ])('is refused with its place: %s', (_name, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('tells an empty file what is missing', () => {
    expect(problems('')).toContain('homeserver (line 1): it is missing');
  });

  it.each([
    ['broken', 'bot: {'],
    ['with a key twice', `${rightConfig}key: { env: A }\n`],
    ['binary', '\u0000\u0001\u0002: ['],
  ])('is refused when it is no YAML: %s', (_name, text) => {
    const error = refusal(() => readSettings(configFolder(text)));
    expect(error.code).toBe('E_CONFIG_SYNTAX');
    expect(translate(error.params['reason'] ?? null, 'en')).toMatch(/^line \d+: ./);
  });

  it('is refused when it is missing or a folder', () => {
    const folder = freshFolder();
    expect(refusal(() => readSettings(join(folder, 'none'))).code).toBe('E_CONFIG_MISSING');
    expect(refusal(() => readSettings(folder)).code).toBe('E_CONFIG_UNREADABLE');
  });
});

describe('a secret file', () => {
  it.each([
    [0o600, null],
    [0o640, null],
    [0o644, 'E_SECRET_MODE'],
    [0o602, 'E_SECRET_MODE'],
  ])('with mode %o', (mode, code) => {
    const file = configFolder();
    chmodSync(join(dirname(file), 'bot-token'), mode);
    if (code === null) expect(loadConfig(file, {}).secrets.botToken.reveal()).toBe('syt_bot_token');
    else
      expect(refusal(() => loadConfig(file, {}))).toMatchObject({
        code,
        params: { mode: `0${mode.toString(8)}` },
      });
  });

  it.each([
    ['empty', ' \n', 'it is empty'],
    ['of two lines', 'a\nb\n', 'it must be one line without spaces'],
    ['far too large', 'x'.repeat(20_000), 'it is too large to be a secret'],
  ])('is refused when it is %s', (_name, text, reason) => {
    const file = configFolder();
    put(dirname(file), 'admin-token', text);
    const error = refusal(() => loadConfig(file, {}));
    expect(error.code).toBe('E_SECRET_UNREADABLE');
    expect(translate(error.params['reason'] ?? null, 'en')).toBe(reason);
    // It is there and can be read: to look for it would be no next step.
    const name = text.length > 16_384 ? 'no-file' : 'content';
    expect(error.params['advice']).toEqual({ key: `secret.${name}.next` });
  });

  it('is refused when it is missing or a folder', () => {
    const file = configFolder(rightConfig.replace('file: key', 'file: nowhere'));
    expect(refusal(() => loadConfig(file, {})).params).toMatchObject({
      ...{ reason: { key: 'system.ENOENT' }, advice: { key: 'secret.missing.next' } },
    });
    mkdirSync(join(dirname(file), 'nowhere'));
    expect(refusal(() => loadConfig(file, {}))).toMatchObject({
      ...{ code: 'E_SECRET_UNREADABLE', params: { advice: { key: 'secret.no-file.next' } } },
    });
  });

  it.each([
    ['short'],
    [Buffer.alloc(31).toString('base64')],
    [Buffer.alloc(33).toString('base64')],
  ])('is refused as key unless it holds 32 bytes: %s', (text) => {
    const file = configFolder();
    put(dirname(file), 'key', text);
    expect(refusal(() => loadConfig(file, {}))).toMatchObject({
      ...{ code: 'E_SECRET_UNREADABLE', params: { advice: { key: 'secret.key.next' } } },
    });
  });
});

describe('the difference of two configs', () => {
  it('tells what takes effect and what needs a restart', () => {
    const file = configFolder();
    const before = loadConfig(file, {});
    expect(differenceOf(before, loadConfig(file, {}))).toEqual({ live: [], atStart: [] });
    const folder = dirname(file);
    put(
      folder,
      'urtc.yaml',
      `${rightConfig}language: zh\nhttp: { port: 1 }\nroles: { 'user add': admin }\n`,
    );
    put(folder, 'bot-token', 'another');
    expect(differenceOf(before, loadConfig(file, {}))).toEqual({
      live: ['roles', 'language'],
      atStart: ['http', 'bot.accessToken'],
    });
  });
});

describe('the default path', () => {
  it('is the given one, the environment, the folder, then the system', () => {
    const folder = freshFolder();
    expect(configPath(null, {}, folder)).toBe(systemConfigFile);
    put(folder, 'urtc.yaml', '');
    expect(configPath(null, {}, folder)).toBe(join(folder, 'urtc.yaml'));
    expect(configPath(null, { URTC_CONFIG: 'e.yaml' }, folder)).toBe(join(folder, 'e.yaml'));
    expect(configPath('g.yaml', { URTC_CONFIG: 'e.yaml' }, folder)).toBe(join(folder, 'g.yaml'));
  });

  it.runIf(process.getuid?.() === 0)('is not what somebody else put into the folder', () => {
    const folder = freshFolder();
    const file = put(folder, 'urtc.yaml', rightConfig, 0o644);
    chownSync(file, 65_534, 65_534);
    const untrusted = refusal(() => configPath(null, {}, folder));
    expect(untrusted).toMatchObject({ code: 'E_CONFIG_UNTRUSTED', params: { file } });
    expect(configPath(null, { SUDO_UID: '65534' }, folder)).toBe(file);
    expect(configPath('urtc.yaml', {}, folder)).toBe(file);
  });

  it('is read only where not everybody may write to it', () => {
    const file = configFolder();
    chmodSync(file, 0o646);
    expect(refusal(() => readSettings(file))).toMatchObject({ code: 'E_CONFIG_UNTRUSTED' });
    chmodSync(file, 0o660);
    expect(readSettings(file).ok).toBe(true);
  });
});

describe('the cluster', () => {
  const withCluster = (lines: string): string => `${rightConfig}kubernetes:\n${lines}`;

  it('is no part of a config that names none', () => {
    expect(loadConfig(configFolder(), {}).kubernetes).toBeNull();
  });

  it('is found by a kubeconfig beside the config file, as release ess in ess', () => {
    const file = configFolder(withCluster('  kubeconfig: secrets/kube\n'));
    expect(loadConfig(file, {}).kubernetes).toEqual({
      from: { kubeconfig: join(dirname(file), 'secrets/kube') },
      release: 'ess',
      namespace: 'ess',
    });
  });

  it('is the one around a pod, under another name', () => {
    const lines = '  inCluster: true\n  release: house\n  namespace: den\n';
    expect(loadConfig(configFolder(withCluster(lines)), {}).kubernetes).toEqual({
      from: { inCluster: true },
      release: 'house',
      namespace: 'den',
    });
  });

  it('is refused with two ways in, with none, and with a name that nobody can have', () => {
    const either = 'kubernetes: it needs either `kubeconfig` with a file or `inCluster: true`';
    const shown = (lines: string) =>
      problems(withCluster(lines)).map((each) => each.replace(/ \(line \d+\)/, ''));
    expect(shown('  kubeconfig: a\n  inCluster: true\n')).toEqual([either]);
    expect(shown('  release: ess\n')).toEqual([either]);
    expect(shown('  inCluster: true\n  namespace: ../kube-system\n')).toEqual([
      'kubernetes.namespace: it must be the name of a namespace such as ess',
    ]);
    expect(shown('  inCluster: true\n  release: "a b"\n')).toEqual([
      'kubernetes.release: it must begin with a lower-case letter or a digit and have nothing but those and -, such as ess',
    ]);
  });
});
