import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../../../src/cli/exit-code.ts';
import type { Capabilities } from '../../../../../src/commands/capabilities.ts';
import { doctor } from '../../../../../src/commands/nouns/doctor.ts';
import { jsonDocument } from '../../../../../src/commands/render/json.ts';
import { AppError } from '../../../../../src/core/errors.ts';
import { Mask } from '../../../../../src/core/mask.ts';
import type { Gauges } from '../../../../../src/ops/gauges/gauges.ts';
import { noGauges } from '../../../../../src/ops/gauges/no-gauges.ts';
import { LogDesk } from '../../../../../src/ops/logs/log-desk.ts';
import { createRedaction } from '../../../../../src/ops/redaction/redaction.ts';
import { FakeCluster, fakeNow } from '../../../../fakes/cluster.ts';
import { fakeStatus } from '../../../../fakes/objects.ts';
import { fakeRelease } from '../../../../fakes/release.ts';
import type { Answers } from '../../../../integration/kubernetes/see/stack-stub.ts';
import { canaries } from '../../../ops/logs/canaries.ts';
import { nodesOf } from '../read.ts';
import { linesOfNodes } from './cluster-stage.ts';
import { contextOf, gaugesWith, well } from './see-stage.ts';

const machine: Capabilities['machine'] = {
  ownFiles: () => [{ path: '/etc/urtc.yaml', kind: 'config', state: { is: 'seen', mode: 0o644 } }],
  helmVersion: () => Promise.resolve('v4.2.4'),
};

/** Answers of a stack that is well, calls included. */
const healthy = (): Answers => ({
  ...well(),
  '/.well-known/matrix/client': [
    200,
    {
      'm.homeserver': { base_url: 'https://matrix.example.org' },
      'org.matrix.msc4143.rtc_foci': [
        { type: 'livekit', livekit_service_url: 'https://mrtc.example.org' },
      ],
    },
  ],
});

/** A release that is well, seen by an identity that may what it needs and no more. */
function setUp(): FakeCluster {
  const cluster = fakeRelease();
  cluster.allows = ({ resource, subresource }) => resource !== 'secrets' && subresource !== 'exec';
  const sfu = 'rtc:\n  use_external_ip: true\n';
  cluster.configMaps.set('ess-matrix-rtc-sfu', new Map([['config-overrides.yaml', sfu]]));
  return cluster;
}

async function ask(cluster: FakeCluster | null, gauges: Gauges, rest: Partial<Capabilities> = {}) {
  const base = contextOf(cluster, gauges);
  const { kubernetes, clock } = base;
  const logs = new LogDesk(createRedaction({ mask: new Mask(), kubernetes, clock }));
  const nodes = await nodesOf(doctor.run({ ...base, machine, logs, ...rest }, {}));
  const answer = { command: 'doctor', job: null, outcome: 'ok' as const, nodes };
  return { nodes, lines: linesOfNodes(nodes), json: jsonDocument(answer, 'en') };
}

const podOf = (cluster: FakeCluster, name: string) => {
  const pod = cluster.view.get('Pod', { name }).value;
  if (pod === null) throw new Error(`no pod ${name}`);
  return pod;
};

const authoriser = 'ess-matrix-rtc-authorisation-service-5d9c7b8f6-x2x4z';

describe('doctor (fake cluster)', () => {
  it('says that there is nothing, how much it looked at, and exits with 0', async () => {
    const { lines, nodes } = await ask(setUp(), gaugesWith(healthy()));
    // No cert-manager is beside the release here.
    expect(lines).toEqual(['ok: Nothing found in 23 checks.']);
    expect(exitCodeOf('ok', nodes)).toBe(0);
  });

  it('changes nothing, runs nothing, and sends a bounded number of requests', async () => {
    const cluster = setUp();
    await ask(cluster, gaugesWith(healthy()));
    const methods = new Set(cluster.calls.map(({ method }) => method));
    expect([...methods].sort()).toEqual(
      ['can', 'configMap', 'identity', 'listLive', 'logs', 'secret', 'version'].sort(),
    );
    expect(cluster.requests).toBeLessThan(60);
  });

  it('tells what it found worst first, and exits with the number of problems', async () => {
    const cluster = setUp();
    cluster.texts.set(
      `${authoriser}/matrix-rtc-authorisation-service`,
      'Failed to look up user info\n',
    );
    const state = { is: 'waiting', reason: 'CrashLoopBackOff', message: null } as const;
    const sfu = podOf(cluster, 'ess-matrix-rtc-sfu-5d9c7b8f6-x2x4z');
    const containers = [fakeStatus('sfu', { state, restarts: 3, ready: false })];
    cluster.view.put('Pod', { ...sfu, ready: false, containers });
    const helmVersion = () => Promise.resolve('v3.19.0');
    const { nodes, json } = await ask(cluster, gaugesWith(healthy()), {
      machine: { ...machine, helmVersion },
    });
    const found = (json.groups['findings'] ?? []).map((row) => row['check']);
    expect(found).toEqual(['calls-lookup', 'calls-stun', 'version-helm']);
    expect(exitCodeOf('failed', nodes)).toBe(3);
    const previous = cluster.calls.filter(
      ({ method, what }) => method === 'logs' && JSON.stringify(what).includes('"previous":true'),
    );
    expect(previous).toHaveLength(1);
  });

  it('[S6] shows no secret of a log that it quotes', async () => {
    const cluster = setUp();
    const key = `${authoriser}/matrix-rtc-authorisation-service`;
    for (const { line, secret } of canaries) {
      cluster.texts.set(key, `Failed to look up user info: ${line}\n`);
      const { lines } = await ask(cluster, gaugesWith(healthy()));
      expect(lines.join('\n')).toContain('Failed to look up user info');
      expect(lines.join('\n')).not.toContain(secret);
    }
  });

  it('goes on while the API server is away, and says what it could not look at', async () => {
    const cluster = setUp();
    const gone = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'https://k', reason: 'refused' });
    cluster.view.setState({ is: 'disconnected', since: fakeNow - 60_000, problem: gone });
    for (const method of ['identity', 'version', 'can', 'logs', 'listLive', 'configMap']) {
      cluster.failures.set(method, gone);
    }
    const hidden = () => Promise.resolve(null);
    const { lines, json } = await ask(
      cluster,
      gaugesWith(healthy(), { apiCertificate: hidden, disk: () => Promise.reject(gone) }),
    );
    expect(lines[0]).toMatch(/^failed: 1 problem found in \d+ checks?\. \d+ checks could not/);
    const unmade = (json.tables['unmade'] ?? []).length;
    const [, made = 0] = /in (\d+) check/.exec(lines[0] ?? '') ?? [];
    // Everything is told, but cert-manager, which is known not to be there.
    expect(unmade + Number(made)).toBe(23);
    expect(lines.join('\n')).toContain('https://k');
  });

  it('looks at the files and at Helm where the config names no cluster', async () => {
    const files: Capabilities['machine'] = {
      ...machine,
      ownFiles: () => [{ path: '/key', kind: 'secret', state: { is: 'seen', mode: 0o644 } }],
    };
    const { lines, json } = await ask(null, noGauges, { machine: files });
    expect(lines[0]).toBe(
      'failed: 1 problem found in 5 checks. 20 checks could not be made, see below.',
    );
    expect(json.groups['findings']?.[0]).toMatchObject({ check: 'files' });
  });

  it('takes it for no good news that hardly anything could be looked at', async () => {
    const { lines } = await ask(null, noGauges);
    expect(lines[0]).toBe(
      'warning: Nothing found in 5 checks. 20 checks could not be made, see below.',
    );
  });

  it('tells a home server that does not answer, and a bot that does not run', async () => {
    const snapshot = await contextOf(null, noGauges).health.snapshot();
    const stopped = { ...snapshot, startedAt: null };
    const silent = new AppError('E_ADMIN_API_UNREACHABLE', { url: 'http://hs', reason: 'refused' });
    const homeserver = { ...snapshot.homeserver, reachable: false, adminProblem: silent };
    const health = (found: typeof snapshot): Partial<Capabilities> => ({
      health: { snapshot: () => Promise.resolve(found) },
    });
    const both = await ask(null, noGauges, health({ ...stopped, homeserver }));
    expect((both.json.groups['findings'] ?? []).map(({ check }) => check)).toEqual([
      'homeserver',
      'bot',
    ]);
    expect(both.lines[0]).toMatch(/^failed: 1 problem/);
    expect(both.lines.join('\n')).toContain('http://hs');
    // Maybe on purpose, so the exit code stays; but all is not well.
    const { lines, nodes } = await ask(setUp(), gaugesWith(healthy()), health(stopped));
    expect(lines[0]).toBe('warning: No problem found in 23 checks, and 1 thing to know.');
    expect(lines.join('\n')).toContain('systemctl start urtc-bot');
    expect(exitCodeOf('warning', nodes)).toBe(0);
  });

  it('tells each trouble that `health` finds among the answers, with its own next step', async () => {
    const answers: Answers = { ...healthy(), '/config.json': 'silent', '/sfu/get': [200, 'x'] };
    const { lines, json } = await ask(setUp(), gaugesWith(answers));
    expect(json.groups['findings']).toMatchObject([
      { check: 'services', title: { text: 'Not as it should be: Calls (MatrixRTC)' } },
      { check: 'services' },
    ]);
    expect(lines[0]).toBe('failed: 2 problems found in 23 checks.');
    expect(lines.join('\n')).toContain('an answer with status 200 that is not the expected one');
    expect(lines.join('\n')).toContain('`!logs rtc-auth`');
    expect(lines.join('\n')).toContain('`!logs element-web`');
  });

  it('says which check a missing right makes impossible', async () => {
    const cluster = setUp();
    const params = { identity: 'bot', verb: 'get', resource: 'pods/log', group: '', place: '' };
    cluster.failures.set('logs', new AppError('E_KUBERNETES_FORBIDDEN', params));
    const { json } = await ask(cluster, gaugesWith(healthy()));
    const unmade = (json.tables['unmade'] ?? []).map(({ check }) => check);
    expect(unmade).toMatchObject([
      { text: 'Calls: who may join' },
      { text: 'Known lines in logs' },
    ]);
  });

  it('tells a release that is not there, and asks nothing of it', async () => {
    const cluster = new FakeCluster();
    cluster.allows = ({ resource }) => !['secrets', 'pods'].includes(resource);
    const { json } = await ask(cluster, gaugesWith(healthy()));
    const found = (json.groups['findings'] ?? []).map(({ check }) => check);
    expect(found).toEqual(['stack', 'rights']);
    expect(cluster.calls.some(({ method }) => method === 'logs')).toBe(false);
  });
});
