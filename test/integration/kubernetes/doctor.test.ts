import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkAtCluster } from '../../../src/cli/config-check/at-cluster.ts';
import { say } from '../../../src/core/text.ts';
import { translate } from '../../../src/core/words/translate.ts';
import { readSettings } from '../../../src/platform/config/config.ts';
import { writeBotConfig } from '../../lab/bot-config.ts';
import { urtc } from '../../lab/product.ts';
import { until } from '../../lab/wait.ts';
import { startGuarded, type Guarded, type Names } from './rbac/guarded.ts';
import { roomyFolder } from './see/roomy-folder.ts';
import { startStackStub, type StackStub } from './see/stack-stub.ts';

const names: Names = {
  ess: { release: 'ward', namespace: 'clinic' },
  own: { release: 'nurse', namespace: 'nurses' },
  certs: 'nurses-certs',
};
const { namespace } = names.ess;
/** The key of CVE-2026-24044. */
const weakKey = 'l/O9hxMVKB6Lg+3Hqf0FQQZhVESQcMzbPN1Cz2nM3og';

let guarded: Guarded;
let stub: StackStub;
let folder: string;
let volumes: string;
/** Calls that were made to get here. */
let callsBefore: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'urtc-doctor-'));
  volumes = roomyFolder();
  stub = await startStackStub('example.org');
  stub.answers['/_synapse/admin/v1/server_version'] = [200, { server_version: '1.159.0' }];
  stub.answers['/_synapse/admin/v2/users?limit=1&guests=false'] = [200, { users: [] }];
  guarded = await startGuarded(names, (cluster) =>
    cluster.installEss({ ...names.ess, shape: 'valkey', hooks: false }),
  );
  callsBefore = guarded.cluster.auditLog().length;
}, 300_000);
afterAll(async () => {
  await guarded[Symbol.asyncDispose]();
  await stub[Symbol.asyncDispose]();
  for (const each of [folder, volumes]) rmSync(each, { recursive: true, force: true });
});

/** A config for a cluster, in a folder of its own; nothing runs with it. */
function configFor(name: string, kubeconfig: string): string {
  const own = join(folder, name);
  mkdirSync(own, { mode: 0o700 });
  const { url } = stub;
  return writeBotConfig({
    ...{ folder: own, homeserverUrl: url, botUser: '@urtc:example.org', httpPort: 0 },
    ...{ botToken: 'bot-token-of-nobody', adminToken: 'admin-token-of-nobody' },
    people: [{ user: '@anna:example.org', role: 'admin' }],
    settings: {
      kubernetes: {
        ...{ kubeconfig, ...names.ess, storagePath: volumes },
        endpoints: { mas: url, 'well-known': url, 'rtc-auth': url, 'element-web': url },
      },
    },
  });
}

const shape = z.looseObject({
  outcome: z.string(),
  groups: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
});

/** `urtc doctor` as a person on the server calls it; no bot runs. */
async function doctor(config: string) {
  const args = ['doctor', '--json', '--config', config];
  const { code, stdout, stderr } = await urtc(args, { cwd: dirname(config) });
  expect(stderr).toBe('');
  const { outcome, groups, tables } = shape.parse(JSON.parse(stdout));
  return {
    ...{ code, outcome, stdout },
    findings: (groups['findings'] ?? []).map(({ check }) => String(check)),
    unmade: (tables['unmade'] ?? []).map((row) => JSON.stringify(row)),
  };
}

/** {@link doctor} once it finds exactly this: a busy machine may leave the lab's node behind for a while. */
const diagnosed = (config: string, wanted: readonly string[]) =>
  until(
    `the doctor to find [${wanted.join()}]`,
    async () => {
      const seen = await doctor(config);
      return seen.findings.join() === wanted.join() ? seen : undefined;
    },
    { timeoutMs: 60_000, everyMs: 1000 },
  );

const botKubeconfig = () => guarded.cluster.kubeconfigFor('nurse-bot', names.own.namespace);

describe('doctor, with the token of the bot and no bot (stub of the stack)', () => {
  let config: string;
  beforeAll(async () => {
    config = configFor('well', await botKubeconfig());
    const calls = { type: 'livekit', livekit_service_url: 'https://mrtc.example.org' };
    const wellKnown = {
      'm.homeserver': { base_url: stub.url },
      'org.matrix.msc4143.rtc_foci': [calls],
    };
    stub.answers['/.well-known/matrix/client'] = [200, wellKnown];
  });

  it('finds nothing but that no bot runs where all is well, and says what it could not look at', async () => {
    const { code, outcome, unmade } = await diagnosed(config, ['bot']);
    expect({ code, outcome }).toEqual({ code: 0, outcome: 'warning' });
    // Not among the neighbours of this identity; and nothing answers for the database's exporter.
    for (const row of unmade) expect(row).toMatch(/cert-manager|connections|version-pair/i);
  });

  it('[P172] [P187] [P188] tells each known trouble, worst first, and exits with their number', async () => {
    const { pods } = guarded.cluster;
    const part = (name: string) => ({ namespace, name });
    const [auth = ''] = await pods.names(part('matrix-rtc-authorisation-service'));
    const container = 'matrix-rtc-authorisation-service';
    const log = await pods.log({ namespace, pod: auth, container });
    const said = 'Failed to look up user info: Get "https://example.org" token=syt_canary_abcdefgh';
    log.append([said]);
    const [sfu = ''] = await pods.names(part('matrix-rtc-sfu'));
    const silent = await pods.log({ namespace, pod: sfu, container: 'sfu' });
    silent.writePrevious([]);
    await pods.behave(part('matrix-rtc-sfu'), 'crash-loop', { everyMs: 60_000 });
    await pods.behave(part('element-admin'), 'image-pull');
    stub.answers['/.well-known/matrix/client'] = [200, { 'm.homeserver': { base_url: 'u' } }];
    stub.answers['/_matrix/key/v2/server'] = [
      200,
      {
        ...{ server_name: 'example.org', valid_until_ts: Date.now() + 86_400_000 },
        verify_keys: { 'ed25519:0': { key: weakKey } },
      },
    ];
    stub.answers['/.well-known/openid-configuration'] = [502, 'bad gateway'];
    stub.answers['/config.json'] = [200, 'no config'];
    chmodSync(join(dirname(config), 'secrets'), 0o777);

    const expected = [
      'files',
      'stack',
      'signing-key',
      'calls-announced',
      'calls-lookup',
      'calls-stun',
    ];
    // Logins and Element Web.
    const answers = ['services', 'services'];
    const { code, outcome, stdout } = await diagnosed(config, [
      ...[...expected, 'bot'],
      ...answers,
    ]);
    const count = expected.length + answers.length;
    expect({ code, outcome }).toEqual({ code: count, outcome: 'failed' });
    expect(stdout).toContain('Failed to look up user info');
    for (const part of ['Logins (MAS)', 'Element Web']) expect(stdout).toContain(part);
    expect(stdout).not.toContain('syt_canary');
  });

  it('was refused nothing but what it must not have, and changed nothing', () => {
    const user = 'system:serviceaccount:nurses:nurse-bot';
    const calls = guarded.cluster
      .auditLog()
      .slice(callsBefore)
      .filter((call) => call.user.username === user);
    expect(calls.length).toBeGreaterThan(60);
    const refused = calls.flatMap(({ responseStatus, verb, objectRef }) =>
      responseStatus.code === 403 ? [`${verb} ${objectRef.resource} ${objectRef.namespace}`] : [],
    );
    // Secrets are asked for so that they can be masked; this identity has no neighbours.
    const known = /^(get secrets clinic|list \w+ (cert-manager|monitoring|kube-system))$/;
    expect(refused.filter((each) => !known.test(each))).toEqual([]);
    const reads = new Set(['get', 'list', 'watch']);
    const others = calls
      .filter(({ verb }) => !reads.has(verb))
      .map((call) => call.objectRef.resource);
    expect(new Set(others)).toEqual(new Set(['selfsubjectaccessreviews', 'selfsubjectreviews']));
  });

  it('works where neither Matrix nor the cluster answers, and where the bot can not start', async () => {
    const kubeconfig = join(folder, 'nobody-kubeconfig');
    const text = readFileSync(await botKubeconfig(), 'utf8');
    writeFileSync(kubeconfig, text.replace(guarded.cluster.apiUrl, 'https://127.0.0.1:9'), {
      mode: 0o600,
    });
    stub.answers['/_matrix/key/v2/server'] = [502, 'bad gateway'];
    const config = configFor('alone', kubeconfig);
    const { code, findings, unmade } = await doctor(config);
    expect({ code, findings }).toEqual({ code: 1, findings: ['access', 'bot'] });
    // Not even the bot could start.
    rmSync(join(dirname(config), 'secrets/master-key'));
    const broken = await doctor(config);
    expect(broken).toMatchObject({ code: 2, findings: ['start', 'access'] });
    expect(unmade.length).toBeGreaterThan(10);
  });
});

describe('config check', () => {
  /** What it finds in the cluster, in this process: starting one takes seconds. */
  const check = async (name: string, kubeconfig: string): Promise<string> => {
    const file = configFor(name, kubeconfig);
    const result = readSettings(file);
    if (!result.ok) throw result.problems[0];
    const findings = await checkAtCluster(file, result.settings);
    return findings
      .map((each) => (each.kind === 'error' ? say(each.error.code, each.error.params) : each.text))
      .map((text) => translate(text, 'en'))
      .join(' ');
  };

  it('lets the identity of the bot pass', async () => {
    const args = ['config', 'check', '--config', configFor('bot', await botKubeconfig())];
    const { code, stdout } = await urtc(args);
    // The tokens are nobody's: that is the home server's answer.
    expect(code).not.toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'lets system:serviceaccount:nurses:nurse-bot in',
    );
  });

  it('names what another identity lacks, and tells one that is not accepted', async () => {
    const revoke = await guarded.cluster.kubeconfigFor('nurse-revoke', names.own.namespace);
    const lacks = await check('revoke', revoke);
    for (const right of ['list pods', 'patch deployments/scale (apps)', 'get pods/log']) {
      expect(lacks).toContain(right);
    }
    const old = join(folder, 'old-kubeconfig');
    const text = readFileSync(await botKubeconfig(), 'utf8');
    const forged = text.replace(/"token": "[^"]+"/, '"token": "x.y.z"');
    writeFileSync(old, forged, { mode: 0o600 });
    expect(await check('old', old)).toContain('does not accept the identity');
    const nowhere = forged.replace(guarded.cluster.apiUrl, 'https://127.0.0.1:9');
    writeFileSync(old, nowhere, { mode: 0o600 });
    expect(await check('nowhere', old)).toContain('The cluster could not be asked');
    chmodSync(old, 0o644);
    expect(await check('open', old)).toContain('old-kubeconfig');
  });
});
