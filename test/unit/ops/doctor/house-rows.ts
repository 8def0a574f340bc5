import { AppError } from '../../../../src/core/errors.ts';
import type { Access } from '../../../../src/ops/access/try-access.ts';
import type { NeededRight } from '../../../../src/ops/access/needed-rights.ts';
import type { Facts } from '../../../../src/ops/doctor/facts.ts';
import type { Fact } from '../../../../src/ops/doctor/finding.ts';
import type { Stack } from '../../../../src/ops/stack/stack.ts';
import { fakeNow } from '../../../fakes/cluster.ts';
import { fakeCondition, fakeNode } from '../../../fakes/objects.ts';
import { fakeCertificate } from '../../../fakes/release.ts';
import { wellDisk } from '../../commands/nouns/cluster/see-stage.ts';
import type { Row } from './row.ts';
import { certManager, day, known, ownFile, podLog } from './well-facts.ts';

/** The key of CVE-2026-24044. */
export const weak = 'l/O9hxMVKB6Lg+3Hqf0FQQZhVESQcMzbPN1Cz2nM3og';
const other = '3Z9gWwvYwJy4yC4pYp4LsbVmBBwxA1pDnYGcDbpl8dI';
/** What the home server shows. */
export const keys = (current: readonly [string, string][], old: readonly [string, string][] = []) =>
  known({ current: new Map(current), old: new Map(old) });

const right: NeededRight = {
  where: 'release',
  group: 'apps',
  resource: 'deployments',
  verb: 'patch',
};

/** The cluster lets us in, as otherwise told. */
export function inside(rest: Partial<Extract<Access, { is: 'in' }>>): Fact<Access> {
  const version = 'v1.36.4+k3s1';
  return known({ is: 'in', identity: 'bot', version, missing: [], excess: [], ...rest });
}

/** An identity that may do too much. */
export const excessive = inside({ excess: [right] });

const stackWith = (well: Facts, change: (stack: Stack) => Partial<Stack>): Pick<Facts, 'state'> => {
  if (well.state.is !== 'known') throw new Error('no state');
  const { value } = well.state;
  return { state: known({ ...value, stack: { ...value.stack, ...change(value.stack) } }) };
};

/** Troubles of everything else. */
export const houseRows: readonly Row[] = [
  {
    name: 'CVE-2026-24044: it signs with the weak key',
    facts: { signingKeys: keys([['ed25519:0', `${weak}=`]]) },
    ...{ check: 'signing-key', severity: 'broken', seen: 'ed25519:0', fix: 'ed25519:1' },
  },
  {
    name: 'CVE-2026-24044: the chart is old enough to be the reason',
    facts: (well) => ({
      ...stackWith(well, () => ({ chart: '25.12.0' })),
      signingKeys: keys([['ed25519:0', weak]]),
    }),
    ...{ check: 'signing-key', severity: 'broken', seen: 'weak', fix: '25.12.1' },
  },
  {
    name: 'CVE-2026-24044: it still vouches for the weak key',
    facts: { signingKeys: keys([['ed25519:1', other]], [['ed25519:0', weak]]) },
    ...{ check: 'signing-key', severity: 'warning', seen: 'ed25519:0', fix: 'throw-away' },
  },
  ...(
    [
      ['config', 0o646, 'broken', 'o-w'],
      ['secret', 0o604, 'broken', '600'],
      ['secret', 0o620, 'broken', '600'],
      ['kubeconfig', 0o644, 'broken', '600'],
      ['data-folder', 0o750, 'warning', '700'],
      ['data', 0o640, 'warning', '600'],
      ['folder', 0o777, 'broken', 'o-w'],
    ] as const
  ).map(([kind, mode, severity, chmod]): Row => ({
    name: `mode ${mode.toString(8)} of ${kind}`,
    facts: { files: known([ownFile(kind, "/srv/it's here", mode)]) },
    ...{ check: 'files', severity, seen: mode.toString(8) },
    fix: `chmod ${chmod} -- '/srv/it'\\''s here'`,
  })),
  {
    name: 'the bot can not start',
    facts: { start: new AppError('E_STORE_CORRUPT', { file: '/data/state.sqlite', reason: 'x' }) },
    ...{ check: 'start', severity: 'broken', seen: '/data/state.sqlite', fix: 'backup' },
  },
  {
    name: 'the API server is away',
    facts: {
      access: known({
        is: 'refused',
        problem: new AppError('E_KUBERNETES_UNREACHABLE', { url: 'https://k', reason: 'gone' }),
      }),
    },
    ...{ check: 'access', severity: 'broken', seen: 'https://k', fix: 'systemctl status k3s' },
  },
  {
    name: 'the token has run out',
    facts: {
      access: known({
        is: 'refused',
        problem: new AppError('E_KUBERNETES_UNAUTHORIZED', { source: '/kubeconfig' }),
      }),
    },
    ...{ check: 'access', severity: 'broken', seen: '/kubeconfig', fix: 'new kubeconfig' },
  },
  {
    name: 'a rule is missing',
    facts: { access: inside({ missing: [right] }) },
    ...{ check: 'rights', severity: 'warning', seen: 'patch deployments (apps)' },
    fix: 'deploy/rbac',
  },
  {
    name: 'an administrator’s kubeconfig',
    facts: { access: excessive },
    ...{ check: 'excess', severity: 'note', seen: 'patch deployments (apps)', fix: 'create token' },
  },
  {
    name: 'K3s’s certificate ends',
    facts: {
      apiCertificate: known({
        ...{ host: 'k:6443', issuer: 'k3s' },
        ...{ notBefore: fakeNow - 330 * day, notAfter: fakeNow + 35 * day },
      }),
    },
    ...{
      check: 'api-certificate',
      severity: 'warning',
      seen: '35 d',
      fix: 'systemctl restart k3s',
    },
  },
  {
    name: 'K3s’s certificate is over',
    facts: {
      apiCertificate: known({
        ...{ host: 'k:6443', issuer: 'k3s' },
        ...{ notBefore: fakeNow - 366 * day, notAfter: fakeNow - day },
      }),
    },
    ...{ check: 'api-certificate', severity: 'broken', seen: 'ran out', fix: 'restart k3s' },
  },
  {
    name: 'connections run out',
    facts: { disk: known({ ...wellDisk, connections: { used: 240, most: 256 } }) },
    ...{ check: 'connections', severity: 'warning', seen: '240 of 256', fix: 'memory limit' },
  },
  {
    name: 'the disk fills up',
    facts: { disk: known({ ...wellDisk, level: 'warning', daysUntilFull: 9 }) },
    ...{ check: 'disk', severity: 'warning', seen: 'full in 9 days', fix: 'Make room' },
  },
  {
    name: 'the database refused connections',
    facts: (well) => ({
      logs: { ...well.logs, postgres: podLog('FATAL:  sorry, too many clients already') },
    }),
    ...{
      check: 'log-signatures',
      severity: 'warning',
      seen: 'too many clients',
      fix: 'memory limit',
    },
  },
  {
    name: 'the disk was full',
    facts: (well) => ({
      logs: { ...well.logs, synapse: podLog('OSError: [Errno 28] No space left on device') },
    }),
    ...{ check: 'log-signatures', severity: 'warning', seen: 'No space left', fix: 'Make room' },
  },
  ...(
    [
      ['Kubernetes before all lines', inside({ version: 'v1.31.2' }), 'warning', 'older than 1.33'],
      [
        'Kubernetes after its last day',
        inside({ version: 'v1.34.11+k3s1' }),
        'warning',
        'ended on',
      ],
      ['Kubernetes newer than known', inside({ version: 'v1.38.0' }), 'note', 'newer than 1.37'],
    ] as const
  ).map(([name, api, severity, seen]): Row => ({
    ...{ name, severity, seen, facts: { access: api, neighbours: known([]) } },
    ...{ check: 'version-kubernetes', fix: 'one minor version at a time' },
  })),
  {
    name: 'Kubernetes that ends within sixty days',
    facts: { access: inside({ version: 'v1.35.9+k3s1' }), now: Date.UTC(2027, 0, 15) },
    ...{ check: 'version-kubernetes', severity: 'note', seen: 'ends on', fix: 'minor version' },
  },
  {
    name: 'Helm 3',
    facts: { helm: known('v3.19.0') },
    ...{ check: 'version-helm', severity: 'warning', seen: 'ended on', fix: 'Helm 4' },
  },
  {
    name: 'an old cert-manager',
    facts: { neighbours: certManager('v1.17.0') },
    ...{ check: 'version-cert-manager', severity: 'warning', seen: 'older than 1.18' },
    fix: 'cert-manager',
  },
  {
    name: 'a cert-manager that is not made for this Kubernetes',
    facts: { neighbours: certManager('v1.20.3') },
    ...{ check: 'version-pair', severity: 'note', seen: '1.32 to 1.35', fix: 'cert-manager' },
  },
  {
    name: 'a chart before those that we know',
    facts: (well) => stackWith(well, () => ({ chart: '26.7.2' })),
    ...{ check: 'version-chart', severity: 'warning', seen: 'older than 26.8', fix: '26.11' },
  },
  {
    name: 'an old PostgreSQL',
    facts: (well) =>
      stackWith(well, ({ components }) => ({
        components: components.map((each) =>
          each.kind.key === 'postgres' ? { ...each, version: '14-alpine' } : each,
        ),
      })),
    ...{ check: 'version-postgres', severity: 'warning', seen: 'ended on', fix: 'Dump' },
  },
  {
    name: 'a node under pressure',
    facts: {},
    cluster: ({ view }) => {
      view.put('Node', fakeNode('node-1', { conditions: [fakeCondition('DiskPressure', 'True')] }));
    },
    ...{ check: 'stack', severity: 'broken', seen: 'runs out of disk', fix: 'journalctl -u k3s' },
  },
  {
    name: 'a certificate that is not ready',
    facts: {},
    cluster: (cluster) => {
      const conditions = [fakeCondition('Ready', 'False', { message: 'challenge pending' })];
      const name = 'ess-synapse-certmanager-tls';
      const hosts = ['matrix.example.org'];
      cluster.view.put('Certificate', fakeCertificate(cluster, name, hosts, { conditions }));
    },
    ...{ check: 'stack', severity: 'warning', seen: 'challenge pending', fix: 'cert-manager' },
  },
];
