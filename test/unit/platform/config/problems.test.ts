import { describe, expect, it } from 'vitest';
import { translate } from '../../../../src/core/words/translate.ts';
import { readSettings } from '../../../../src/platform/config/config.ts';
import { configFolder, rightConfig } from './folder.ts';

/** `place: reason` of each problem, in English, without the line. */
function problems(text: string): string[] {
  const result = readSettings(configFolder(text));
  if (result.ok) return [];
  return result.problems.map(({ params }) =>
    [params['place'], params['reason']]
      .map((each) => translate(each ?? null, 'en').replace(/ \(line \d+\)/, ''))
      .join(': '),
  );
}

const inCluster = (line: string): string => `kubernetes:\n  inCluster: true\n  ${line}`;
const plainName =
  'it must begin with a lower-case letter or a digit and have nothing but those and -, such as ess';

describe('a problem of the config says the form that a value must have', () => {
  it.each([
    [
      'healing: { enabled: "yes" }',
      'healing.enabled: it must be `true` or `false`, without quotes',
    ],
    [inCluster('release: ""'), `kubernetes.release: ${plainName}`],
    [
      inCluster('storagePath: relative/x'),
      'kubernetes.storagePath: it must be an absolute path such as /var/lib/storage',
    ],
    [
      inCluster('endpoints: { foo: x }'),
      'kubernetes.endpoints.foo: this name can not be used: it must be one of: synapse, mas, well-known, rtc-auth, element-web, postgres-metrics, alertmanager',
    ],
    [
      inCluster('endpoints: { mas: x }'),
      'kubernetes.endpoints.mas: it must be a plain URL such as http://127.0.0.1:8008',
    ],
    [
      'alerts: { token: { env: T }, rooms: { "A b": {} } }',
      `alerts.rooms."A b": this name can not be used: ${plainName}`,
    ],
    ['notify: { channels: [{ name: "A b" }] }', null],
  ])('%s', (lines, expected) => {
    const found = problems(`${rightConfig}${lines}\n`);
    if (expected === null) expect(found).toContain(`notify.channels[0].name: ${plainName}`);
    else expect(found).toEqual([expected]);
  });
});
