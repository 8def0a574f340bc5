import { describe, expect, it } from 'vitest';
import { bareObject } from '../../../../src/ops/bundle/bare-object.ts';

/** What a bundle shows of a variable with this value. */
const shownOf = (value: string) => {
  const spec = { containers: [{ env: [{ name: 'X', value }] }] };
  return bareObject({ spec });
};
const shows = (value: string) => ({ spec: { containers: [{ env: [{ name: 'X', value }] }] } });

describe('an object of the cluster in a bundle', () => {
  it.each(['', 'true', 'info', '8008', '30s', '512Mi', '/var/lib/synapse', '10.42.0.1'])(
    'shows the value %j of a variable, which tells something',
    (value) => {
      expect(shownOf(value)).toEqual(shows(value));
    },
  );

  it.each(['hunter2', 'correct horse', 'CANARY', '/Q0FOQVJZ/Q0FOQVJZ', '$(PASSWORD)', '12345678'])(
    'hides %j, which may be a secret under a name that does not tell',
    (value) => {
      expect(shownOf(value)).toEqual(shows('[masked]'));
    },
  );

  it('says where a variable comes from', () => {
    const secretKeyRef = { name: 'ess-generated', key: 'X' };
    const env = [{ name: 'X', valueFrom: { secretKeyRef } }];
    expect(bareObject({ spec: { initContainers: [{ env }] } })).toEqual({
      spec: { initContainers: [{ env }] },
    });
  });

  it('has no content of Secrets, and no copies of itself', () => {
    const bare = bareObject({
      kind: 'Secret',
      data: { a: 'YXBwbGU=' },
      stringData: { a: 'apple' },
      metadata: {
        managedFields: [{ manager: 'helm' }],
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{"x":"apple"}',
          'k3s.io/node-args': '["--token","apple"]',
          long: `apple${'x'.repeat(600)}`,
          'meta.helm.sh/release-name': 'ess',
        },
      },
    });
    const shown = JSON.stringify(bare);
    expect(shown).not.toMatch(/apple|YXBw|manager/);
    expect(shown).toContain('"meta.helm.sh/release-name":"ess"');
  });
});
