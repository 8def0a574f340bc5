import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { certManagerFits, supported, tested } from '../../../../src/core/supported-versions.ts';
import { lineOf, supportOf } from '../../../../src/ops/doctor/support.ts';
import { compareVersions } from '../../../../src/ops/stack/may-scale.ts';

const day = 86_400_000;
const product = {
  title: 'X',
  lines: [
    { line: '1.2', until: '2026-03-31' },
    { line: '1.4', until: null },
  ],
} as const;
const last = Date.UTC(2026, 2, 31);

describe('support of a version', () => {
  it.each([
    ['v1.2.9+k3s1', last - 61 * day, { is: 'supported' }],
    ['1.2', last - 59 * day, { is: 'ending', at: last }],
    ['1.2', last + day - 1, { is: 'ending', at: last }],
    ['1.2', last + day, { is: 'ended', at: last }],
    ['1.1.9', 0, { is: 'ended', at: null }],
    // Between two lines, and newer by a number that is not a letter's order.
    ['1.3', 0, { is: 'supported' }],
    ['1.10.0', 0, { is: 'newer', newest: '1.4' }],
    ['latest', 0, { is: 'unreadable' }],
    ['v1', 0, { is: 'unreadable' }],
    ['', 0, { is: 'unreadable' }],
  ] as const)('%s', (version, now, support) => {
    expect(supportOf(product, version, now)).toEqual(support);
  });

  it('reads a line out of what images and servers call their version', () => {
    expect(lineOf('17-alpine', 1)).toBe('17');
    expect(lineOf('v1.36.4+k3s1', 2)).toBe('1.36');
    expect(lineOf('26.8.2-dev', 2)).toBe('26.8');
  });
});

describe('the versions file', () => {
  it('has lines in their order, with days that there are', () => {
    for (const { lines } of Object.values(supported)) {
      const sorted = [...lines].sort((one, other) => compareVersions(one.line, other.line));
      expect(lines).toEqual(sorted);
      for (const { until } of lines) {
        if (until !== null) expect(new Date(until).toISOString().slice(0, 10)).toBe(until);
      }
    }
    const managers: readonly string[] = supported.certManager.lines.map(({ line }) => line);
    expect(managers).toEqual(expect.arrayContaining(Object.keys(certManagerFits)));
  });

  it('is tested with versions that are supported', () => {
    const now = Date.UTC(2026, 10, 22);
    for (const [of, version] of [
      ...([
        ['kubernetes', tested.kubernetes],
        ['kubernetes', tested.k3s],
        ['helm', tested.helm],
      ] as const),
      ...([
        ['chart', tested.chart.redis],
        ['chart', tested.chart.valkey],
      ] as const),
    ] as const) {
      expect([version, supportOf(supported[of], version, now)]).toEqual([
        version,
        { is: 'supported' },
      ]);
    }
  });

  it('says what the lab builds and installs', () => {
    const lab = join(import.meta.dirname, '../../../lab/kubernetes');
    const text = (file: string): string => readFileSync(join(lab, file), 'utf8');
    expect(text('go/control-plane/go.mod')).toContain(`k8s.io/kubernetes v${tested.kubernetes}`);
    expect(text('go/helm/go.mod')).toContain(`helm.sh/helm/v4 v${tested.helm}`);
    expect(text('chart/Chart.yaml')).toContain(`\nversion: ${tested.chart.redis}\n`);
    expect(tested.k3s).toContain(tested.kubernetes);
  });

  it('is what the docs say', () => {
    const file = join(import.meta.dirname, '../../../../docs/kubernetes.md');
    const [, section = ''] = readFileSync(file, 'utf8').split('\n## Versions\n');
    const { chart, kubernetes } = supported;
    expect(section).toContain(`${chart.lines[0].line} to ${chart.lines.at(-1)?.line ?? ''}`);
    for (const { line, until } of kubernetes.lines.slice(2)) {
      expect(section).toContain(`${line}: ${until}`);
    }
    expect(section).toContain(supported.helm.lines[0].until);
    for (const [from, to] of Object.values(certManagerFits)) {
      expect(section).toContain(`${from} to ${to}`);
    }
  });
});
