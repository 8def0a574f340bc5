import { describe, expect, it } from 'vitest';
import { reachableLink } from '../../../../src/ops/alerts/reachable-link.ts';
import { alertsSchema } from '../../../../src/platform/config/alerts-schema.ts';

const inside = 'http://alertmanager:9093';
const outside = 'https://alerts.example.org';

/** As the config has them after it was read. */
const rulesOf = (...links: readonly (readonly [string, string])[]) =>
  alertsSchema.parse({
    token: { file: 'alerts-token' },
    links: links.map(([from, to]) => ({ from, to })),
  }).links;

describe('[#10] a link that people can follow', () => {
  const rules = rulesOf(
    [`${inside}/`, `${outside}/`],
    ['http://prometheus:80/graph', `${outside}/prom/graph`],
    ['http://grafana', 'https://dash.example.org:8443/grafana/'],
  );

  it.each<[string, string, string | null]>([
    ['mapped', `${inside}/#/alerts?receiver=urtc`, `${outside}/#/alerts?receiver=urtc`],
    ['mapped, with nothing behind', inside, `${outside}/`],
    ['mapped, with a slash behind', `${inside}/`, `${outside}/`],
    ['mapped, with a question at once', `${inside}?x=1`, `${outside}/?x=1`],
    ['mapped, in capitals', 'HTTP://Alertmanager:9093/x', `${outside}/x`],
    [
      'mapped, with a port that is the usual one',
      'http://grafana:80/d/1',
      'https://dash.example.org:8443/grafana/d/1',
    ],
    ['mapped by a path', 'http://prometheus/graph?g0.expr=up', `${outside}/prom/graph?g0.expr=up`],
    ['a path beside it', 'http://prometheus/graphs', 'http://prometheus/graphs'],
    ['another port', 'http://alertmanager:90933/', null],
    ['another port that begins so', 'http://grafana:8080/', 'http://grafana:8080/'],
    ['a name that begins so', 'http://grafana.evil.example/', 'http://grafana.evil.example/'],
    ['a name that begins with it all', 'http://alertmanager:9093.evil.example/', null],
    ['the address as a name in another', 'http://alertmanager:9093@evil.example/', null],
    [
      'the same by a backslash',
      'http://alertmanager:9093\\@evil.example/',
      `${outside}/@evil.example/`,
    ],
    ['the address further on', `https://x.org/?${inside}/`, `https://x.org/?${inside}/`],
    ['without a rule', 'https://runs.example.org/disk', 'https://runs.example.org/disk'],
    ['with a name and a password', 'https://user:pw@x.org/', null],
    ['with a name', 'https://user@x.org/', null],
    ['with a password', 'https://:pw@x.org/', null],
    ['a script', 'javascript:alert(1)', null],
    ['a script in capitals with a tab', 'java\tSCRIPT:alert(1)', null],
    ['data', 'data:text/html,<script>alert(1)</script>', null],
    ['a file', 'file:///etc/passwd', null],
    ['Matrix', 'matrix:u/anna:x.org', null],
    ['a mail', 'mailto:a@x.org', null],
    ['no address', '/graph', null],
    ['nothing', '', null],
    ['marks that turn the line', 'https://x.org/\u202egpj.exe', 'https://x.org/%E2%80%AEgpj.exe'],
    ['markup', 'https://x.org/"><img src=x>', 'https://x.org/%22%3E%3Cimg%20src=x%3E'],
    ['1000 characters', `https://x.org/${'a'.repeat(986)}`, `https://x.org/${'a'.repeat(986)}`],
    ['1001 characters', `https://x.org/${'a'.repeat(987)}`, null],
    ['too long once written out', `https://x.org/${'€'.repeat(200)}`, null],
    ['too long once mapped', `${inside}/${'a'.repeat(975)}`, null],
  ])('%s', (_what, link, wanted) => {
    expect(reachableLink(link, rules)).toBe(wanted);
  });

  it('the first rule that fits counts', () => {
    const both = rulesOf([`${inside}/a`, 'https://one.org'], [inside, 'https://two.org']);
    expect(reachableLink(`${inside}/a/b`, both)).toBe('https://one.org/b');
    expect(reachableLink(`${inside}/b`, both)).toBe('https://two.org/b');
  });
});
