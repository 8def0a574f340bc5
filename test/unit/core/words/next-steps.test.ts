import { expect, it } from 'vitest';
import { say } from '../../../../src/core/text.ts';
import type { WordKey } from '../../../../src/core/words/index.ts';
import { translate } from '../../../../src/core/words/translate.ts';

it.each<[WordKey, RegExp, RegExp]>([
  // `logs` and `restart` show nothing of what was known before.
  ['E_KUBERNETES_UNREACHABLE.next', /systemctl status k3s/, /shown|known/],
  // `status` has neither memory nor CPU.
  ['E_SCALE_SINGLE.next', /`!perf`/, /`!status`/],
  // Where it says `inCluster`, there is no `kubernetes.kubeconfig` to check.
  ['E_KUBERNETES_CONFIG.next', /inCluster/, /kubernetes\.kubeconfig/],
])('%s is a step that leads on', (key, has, hasNot) => {
  const text = translate(say(key), 'en');
  expect(text).toMatch(has);
  expect(text).not.toMatch(hasNot);
});

it('a way into the cluster that is no kubeconfig is not called one', () => {
  const reason = say('kubernetes.not-in-cluster');
  const text = translate(say('E_KUBERNETES_CONFIG', { source: 'inCluster', reason }), 'en');
  expect(text).not.toContain('kubeconfig');
  expect(text).toContain('inCluster');
});
