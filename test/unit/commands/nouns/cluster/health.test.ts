import { describe, expect, it } from 'vitest';
import { health } from '../../../../../src/commands/nouns/health.ts';
import { exitCodeOf } from '../../../../../src/cli/exit-code.ts';
import { AppError } from '../../../../../src/core/errors.ts';
import type { ReportNode } from '../../../../../src/core/report.ts';
import type { Gauges } from '../../../../../src/ops/gauges/gauges.ts';
import { translate } from '../../../../../src/core/words/translate.ts';
import { FakeCluster, fakeNow } from '../../../../fakes/cluster.ts';
import { fakeRelease } from '../../../../fakes/release.ts';
import { type Answers } from '../../../../integration/kubernetes/see/stack-stub.ts';
import { nodesOf } from '../read.ts';
import { linesOfNodes } from './cluster-stage.ts';
import { wellDisk, gaugesWith, contextOf, well, table, day } from './see-stage.ts';

describe('health (fake cluster)', () => {
  const ask = async (cluster: FakeCluster, gauges: Gauges) => {
    const nodes = await nodesOf(health.run(contextOf(cluster, gauges), {}));
    return { nodes, lines: linesOfNodes(nodes), exit: exitCodeOf('failed', nodes) };
  };

  it('is well where everything answers', async () => {
    const { nodes, lines } = await ask(fakeRelease(), gaugesWith(well()));
    expect(lines[0]).toBe('ok: Everything does its work.');
    expect(table(nodes, 'probes')).toHaveLength(14);
    expect(exitCodeOf('ok', nodes)).toBe(0);
  });

  it.each<[string, Answers, string]>([
    [
      'calls are not announced',
      { '/.well-known/matrix/client': [200, { 'm.homeserver': { base_url: 'u' } }] },
      'rtc_foci',
    ],
    ['the authorisation service takes a GET', { '/sfu/get': [200, 'ok'] }, 'status 200'],
    [
      'Synapse shows no key',
      {
        '/_matrix/key/v2/server': [
          200,
          { server_name: 'example.org', valid_until_ts: fakeNow + 1, verify_keys: {} },
        ],
      },
      'no signing key',
    ],
    [
      'it is another server',
      {
        '/_matrix/key/v2/server': [
          200,
          {
            server_name: 'other.org',
            valid_until_ts: fakeNow + 1,
            verify_keys: { a: { key: 'x' } },
          },
        ],
      },
      'calls itself other.org',
    ],
    [
      'the keys are of yesterday',
      {
        '/_matrix/key/v2/server': [
          200,
          {
            server_name: 'example.org',
            valid_until_ts: fakeNow - 1,
            verify_keys: { a: { key: 'x' } },
          },
        ],
      },
      'no longer valid',
    ],
    [
      'a page comes instead of JSON',
      { '/.well-known/openid-configuration': [200, '<html>'] },
      'status 200',
    ],
    ['Synapse fails', { '/_matrix/client/versions': [502, 'bad gateway'] }, 'status 502'],
    ['Element Web is silent', { '/config.json': 'silent' }, 'does not answer'],
  ])('tells it where %s, and the exit code is 1', async (_what, answers, text) => {
    const { lines, exit } = await ask(fakeRelease(), gaugesWith({ ...well(), ...answers }));
    expect(lines[0]).toBe('failed: 1 problem.');
    expect(lines[1]).toContain(text);
    expect(exit).toBe(1);
  });

  it('counts problems into the exit code, at most 125', async () => {
    const { lines, exit } = await ask(fakeRelease(), gaugesWith({}));
    expect(lines[0]).toBe('failed: 8 problems.');
    expect(exit).toBe(8);
    const many: ReportNode = { type: 'outcome', outcome: 'failed', text: null, exit: 4000 };
    expect(exitCodeOf('failed', [many])).toBe(125);
  });

  it('tells a certificate of the API server that ends, and a disk that fills up', async () => {
    const gauges = gaugesWith(well(), {
      apiCertificate: () =>
        Promise.resolve({
          ...{
            host: 'k',
            issuer: 'ca',
            notBefore: fakeNow - 330 * day,
            notAfter: fakeNow + 35 * day,
          },
        }),
      disk: () => Promise.resolve({ ...wellDisk, level: 'warning', daysUntilFull: 9.7 }),
    });
    const { lines, exit } = await ask(fakeRelease(), gauges);
    expect(exit).toBe(2);
    expect(lines.join('\n')).toContain('ends in 35 d');
    expect(lines.join('\n')).toContain('full in 9 days, if it goes on like this');
  });

  it('does not stop where a gauge is refused', async () => {
    const refused = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'u', reason: 'r' });
    const gauges = gaugesWith(well(), { disk: () => Promise.reject(refused) });
    expect((await ask(fakeRelease(), gauges)).exit).toBe(1);
  });

  it('does not say that there is none of what was never read, nor the same remedy twice', async () => {
    const cluster = new FakeCluster();
    const gone = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'https://k', reason: 'no' });
    cluster.view.setState({ is: 'starting' });
    cluster.view.setState({ is: 'disconnected', since: fakeNow, problem: gone });
    const gauges = gaugesWith(well(), { disk: () => Promise.reject(gone) });
    const { endpoints } = gauges;
    const { nodes, lines } = await ask(cluster, {
      ...gauges,
      endpoints: { ...endpoints, has: (name) => name === 'synapse' },
    });
    const unknown = table(nodes, 'probes')
      .map((row) => row.map((cell) => translate(cell, 'en')))
      .filter((row) => row[2] === 'not known, the cluster is away');
    expect(unknown.map(([probe]) => probe)).toEqual([
      ...['How clients find it', 'How other servers find it', 'Logins (MAS)'],
      ...['Calls (MatrixRTC)', 'Element Web', 'Nodes', 'Volumes', 'Certificates'],
    ]);
    expect(lines.join('\n')).not.toMatch(/there is no|last that was known/);
    expect(lines.filter((line) => line.includes('systemctl status k3s'))).toHaveLength(1);
  });

  it('says that there is none where it was read', async () => {
    const { endpoints } = gaugesWith(well());
    const has = (name: string): boolean => name !== 'mas';
    const { lines } = await ask(
      fakeRelease(),
      gaugesWith(well(), { endpoints: { ...endpoints, has } }),
    );
    expect(lines.join('\n')).toContain('Logins (MAS) | not asked | there is no Service for it');
  });

  it('says once what opens a way where no port may be forwarded, and not to apply the same again', async () => {
    const resource = 'pods/portforward';
    const params = { identity: 'bot', verb: 'get', resource, group: '', place: ' in ess' };
    const refused = new AppError('E_KUBERNETES_FORBIDDEN', params);
    const { endpoints } = gaugesWith(well());
    const refuse = () => Promise.reject(refused);
    const { lines, exit } = await ask(
      fakeRelease(),
      gaugesWith(well(), { endpoints: { ...endpoints, ask: refuse } }),
    );
    expect(exit).toBe(8);
    expect(lines.join('\n')).toContain('bot may not get pods/portforward');
    expect(lines.filter((line) => line.includes('--set portForward.enabled=true'))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('Apply `deploy/rbac` again');
  });

  it.each<[string, Answers]>([
    ['haproxy', { '/.well-known/matrix/server': [404, 'nothing'] }],
    ['element-web', { '/config.json': 'silent' }],
  ])('names the command that shows the log of %s', async (component, answers) => {
    const { lines } = await ask(fakeRelease(), gaugesWith({ ...well(), ...answers }));
    expect(lines.at(-1)).toContain(`\`!logs ${component}\``);
  });
});
