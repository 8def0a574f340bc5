import { describe, expect, it } from 'vitest';
import { refused, type Asked } from '../../../../src/platform/kubernetes/http/failure.ts';
import { parseNamespace } from '../../../../src/platform/kubernetes/namespace.ts';

const asked: Asked = {
  url: 'https://k',
  source: 'the kubeconfig',
  verb: 'patch',
  target: {
    ...{ group: 'apps', version: 'v1', resource: 'deployments', name: 'ess-haproxy' },
    ...{ namespace: parseNamespace('ess'), subresource: 'scale' },
  },
};

const answer = (status: number, message: string) =>
  refused(status, { status: 'Failure', message, reason: '', code: status }, asked);

describe('a change that is refused', () => {
  it.each([
    [
      403,
      `deployments.apps "ess-haproxy" is forbidden: ValidatingAdmissionPolicy 'urtc-bot-scale' with binding 'urtc-bot-scale' denied request: more than 2 replicas are refused`,
      { policy: 'urtc-bot-scale', reason: 'more than 2 replicas are refused' },
    ],
    [
      422,
      `deployments.apps "x" is invalid: ValidatingAdmissionPolicy 'a' denied request: no: never\nat all`,
      { policy: 'a', reason: 'no: never\nat all' },
    ],
    [
      400,
      'admission webhook "guard.example.org" denied the request: not on a Sunday',
      { policy: 'guard.example.org', reason: 'not on a Sunday' },
    ],
  ])('by a policy is told with its name (%i)', (status, message, params) => {
    expect(answer(status, message)).toMatchObject({
      code: 'E_KUBERNETES_POLICY',
      params: { ...params, what: 'deployments ess-haproxy' },
    });
  });

  it('for a missing rule names the rule, and is no policy', () => {
    const message =
      'deployments.apps "ess-haproxy" is forbidden: User "system:serviceaccount:urtc:urtc-bot" cannot patch resource "deployments/scale" in API group "apps" in the namespace "ess"';
    expect(answer(403, message)).toMatchObject({
      code: 'E_KUBERNETES_FORBIDDEN',
      params: { verb: 'patch', resource: 'deployments/scale', group: 'apps' },
    });
  });

  it('for what is wrong with it is told in the cluster’s words', () => {
    expect(answer(422, 'spec.replicas: must not be negative')).toMatchObject({
      code: 'E_KUBERNETES_INVALID',
      params: { reason: 'spec.replicas: must not be negative' },
    });
  });
});
