import { describe, expect, it } from 'vitest';
import { say } from '../../../../src/core/text.ts';
import { languages } from '../../../../src/core/words/index.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import { examine, type Diagnosis } from '../../../../src/ops/doctor/examine.ts';
import { checkIds } from '../../../../src/ops/doctor/finding.ts';
import { fakeCertificate } from '../../../fakes/release.ts';
import { callRows } from './call-rows.ts';
import { excessive, houseRows, keys, weak } from './house-rows.ts';
import { ownRows, trouble } from './own-rows.ts';
import { crashing, factsOf, ingressOf, lookupLine } from './row.ts';
import { known, ownFile, podLog, wellFacts } from './well-facts.ts';

const rows = [...callRows, ...houseRows, ...ownRows];

describe('the doctor', () => {
  it('finds nothing in a house in which all is well, and has looked at everything', () => {
    expect(examine(wellFacts())).toEqual({ findings: [], problems: 0, made: checkIds, unmade: [] });
  });

  it.each(rows)('tells: $name', (row) => {
    const { findings } = examine(factsOf(row));
    const own = findings.filter(({ check }) => check === row.check);
    expect(own.length).toBeGreaterThan(0);
    const [first] = own;
    expect(first?.severity).toBe(row.severity);
    expect(translate(first?.seen ?? null, 'en')).toContain(row.seen);
    expect(translate(first?.fix ?? null, 'en')).toContain(row.fix);
  });

  it('tells each trouble once: nothing else is found beside it', () => {
    const beside = rows.flatMap((row) => {
      const found = new Set(examine(factsOf(row)).findings.map(({ check }) => check));
      return found.size === 1 ? [] : [[row.name, ...found]];
    });
    // Two of them are two troubles indeed.
    expect(beside).toEqual([
      ['CVE-2026-24044: the chart is old enough to be the reason', 'signing-key', 'version-chart'],
    ]);
  });

  it('has words without gaps for every finding, in every language', () => {
    for (const language of languages) {
      for (const row of rows) {
        for (const { title, seen, cause, fix } of examine(factsOf(row)).findings) {
          for (const text of [title, seen, cause, fix]) {
            expect(translate(text, language)).not.toMatch(/\{\{|doctor\./);
          }
        }
      }
    }
  });

  it('shows the worst first, and counts all but notes', () => {
    const { findings, problems } = examine({
      ...wellFacts(),
      ...{ helm: known('v3.1.0'), access: excessive },
      signingKeys: keys([['ed25519:0', weak]]),
    });
    expect(findings.map(({ severity }) => severity)).toEqual(['broken', 'warning', 'note']);
    expect(problems).toBe(2);
  });

  it('gives the address of Traefik and every name for hostAliases, as values', () => {
    const well = wellFacts();
    const logs = { ...well.logs, 'rtc-auth': podLog(lookupLine) };
    const [finding] = examine({ ...well, logs }).findings;
    expect(finding?.values).toContain('ip: "10.43.0.20"');
    for (const host of ['example.org', 'matrix.example.org', 'mrtc.example.org']) {
      expect(finding?.values).toContain(`- "${host}"\n`);
    }
  });

  it('names all of health’s troubles, those of one cause together, each with cause and fix', () => {
    const lookAt = (component: string) => say('health.status.next', { component });
    const code = say('health.status', { status: '502' });
    const away = (name: string) =>
      say('E_ENDPOINT_UNREACHABLE', { name, url: 'http://k', reason: say('endpoint.refused') });
    const answers = known([
      trouble('synapse', away('synapse'), lookAt('synapse')),
      trouble('key-server', away('synapse'), lookAt('synapse')),
      trouble('well-known-client', code, lookAt('haproxy')),
      trouble('well-known-server', code, lookAt('haproxy')),
      trouble('mas', code, lookAt('mas')),
      trouble('element-web', 'that has no words yet', lookAt('element-web')),
    ]);
    const told = ({ findings }: Diagnosis) =>
      findings.map(({ title, cause, fix }) =>
        [title, cause, fix].map((text) => translate(text, 'en')).join(' | '),
      );
    const { problems, ...rest } = examine({ ...wellFacts(), answers });
    expect(problems).toBe(4);
    expect(told({ problems, ...rest })).toEqual([
      expect.stringMatching(
        /: Synapse for clients, Signing keys \| .*still starting.*!logs synapse/,
      ),
      expect.stringMatching(/: How clients find it, How other servers find it \|.*!logs haproxy/),
      expect.stringMatching(/: Logins \(MAS\) \| .*something else answers.*!logs mas/),
      expect.stringMatching(/: Element Web \| It does not run.*!logs element-web/),
    ]);
    // A home server that is away is told once.
    const homeserver = { url: 'http://hs', reachable: false, adminProblem: null };
    const own = known({ startedAt: 1, keysLost: false, homeserver });
    const silent = told(examine({ ...wellFacts(), answers, own }));
    expect(silent.map((each) => each.split(' | ')[0])).toEqual([
      'The home server does not answer as it should',
      'Not as it should be: How clients find it, How other servers find it',
      'Not as it should be: Logins (MAS)',
      'Not as it should be: Element Web',
    ]);
  });

  it('has words in every language for what health finds', () => {
    const details = [
      ...['health.status', 'health.no-keys', 'health.other-server', 'health.keys-expired'],
      ...[
        'health.no-foci',
        'E_ENDPOINT_UNREACHABLE',
        'E_ENDPOINT_MISSING',
        'E_KUBERNETES_FORBIDDEN',
      ],
    ] as const;
    for (const language of languages) {
      const causes = details.map((key) => {
        const [finding] = examine({
          ...wellFacts(),
          answers: known([trouble('calls', say(key), '')]),
        }).findings;
        return translate(finding?.cause ?? null, language);
      });
      expect(new Set(causes).size).toBe(details.length);
      for (const cause of causes) expect(cause).not.toMatch(/\{\{|doctor\.|^$/);
    }
  });

  it('does not take an SFU that tells another reason for one without STUN, nor one without STUN on', () => {
    const broken = wellFacts(crashing);
    const panic = { ...broken, sfuCrashes: podLog('panic: runtime error') };
    expect(examine(panic).findings.map(({ check }) => check)).toEqual(['stack']);
    const off = { useExternalIp: false, nodeIp: '203.0.113.7' };
    const manual = { ...broken, sfuCrashes: podLog(), sfuAddress: known(off) };
    expect(examine(manual).findings.map(({ check }) => check)).toEqual(['stack']);
  });

  it('takes a wildcard for a certificate, and TLS that ends elsewhere for none', () => {
    const names = ['synapse', 'matrix-authentication-service', 'element-web', 'element-admin'];
    const wildcard = wellFacts((cluster) => {
      for (const name of [...names, 'matrix-rtc', 'well-known']) {
        cluster.view.remove('Certificate', `ess-${name}-certmanager-tls`);
      }
      cluster.view.put(
        'Certificate',
        fakeCertificate(cluster, 'all', ['example.org', '*.example.org']),
      );
    });
    expect(examine(wildcard).findings).toEqual([]);
    const elsewhere = wellFacts((cluster) => {
      for (const name of [...names, 'matrix-rtc', 'well-known']) {
        cluster.view.remove('Certificate', `ess-${name}-certmanager-tls`);
        cluster.view.put('Ingress', { ...ingressOf(cluster, name), tls: [] });
      }
    });
    expect(examine(elsewhere).findings).toEqual([]);
  });

  it('says which file it may not look at, unless another one is worse', () => {
    const state = { is: 'hidden', reason: 'not allowed' } as const;
    const hidden = { kind: 'secret', path: '/etc/urtc/hidden-key', state } as const;
    const { unmade } = examine({ ...wellFacts(), files: known([hidden]) });
    expect(unmade.map(({ why }) => translate(why, 'en'))).toEqual([
      '/etc/urtc/hidden-key can not be looked at: not allowed',
    ]);
    const open = ownFile('secret', '/etc/key', 0o644);
    const { findings, unmade: none } = examine({ ...wellFacts(), files: known([hidden, open]) });
    expect([findings.map(({ check }) => check), none]).toEqual([['files'], []]);
  });

  it('is silent of nothing: what could not be found out is told, check by check', () => {
    const why = say('doctor.outside');
    const unknown = { is: 'unknown', why } as const;
    const { findings, made, unmade } = examine({
      ...wellFacts(),
      ...{ own: unknown, answers: unknown },
      ...{ files: unknown, access: unknown, state: unknown, signingKeys: unknown },
      ...{ wellKnown: unknown, sfuCrashes: unknown, sfuAddress: unknown, disk: unknown },
      ...{ apiCertificate: unknown, neighbours: unknown, helm: unknown },
      logs: { 'rtc-auth': unknown, postgres: unknown, synapse: unknown },
    });
    expect([findings, made]).toEqual([[], ['start']]);
    expect(unmade.map(({ check }) => check)).toEqual(checkIds.slice(1));
  });
});
