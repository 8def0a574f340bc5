import { z } from 'zod';
import type { ApiClient } from './http/api-client.ts';
import type { AccessQuestion } from './port.ts';

const verdictSchema = z.object({ status: z.object({ allowed: z.boolean().default(false) }) });
const reviewSchema = z.object({
  status: z.object({ userInfo: z.object({ username: z.string().default('') }) }),
});

/** SelfSubjectAccessReview (authorization.k8s.io/v1), which everybody may ask about himself. */
export async function describeAccess(
  client: ApiClient,
  question: AccessQuestion,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const group = 'authorization.k8s.io';
  const { status } = await client.ask(verdictSchema, {
    method: 'POST',
    verb: 'create',
    target: { group, version: 'v1', resource: 'selfsubjectaccessreviews' },
    body: {
      ...{ apiVersion: `${group}/v1`, kind: 'SelfSubjectAccessReview' },
      spec: { resourceAttributes: question },
    },
    signal,
  });
  return status.allowed;
}

/** SelfSubjectReview (authentication.k8s.io/v1). */
export async function whoAmI(client: ApiClient, signal: AbortSignal | undefined): Promise<string> {
  const group = 'authentication.k8s.io';
  const { status } = await client.ask(reviewSchema, {
    method: 'POST',
    verb: 'create',
    target: { group, version: 'v1', resource: 'selfsubjectreviews' },
    body: { apiVersion: `${group}/v1`, kind: 'SelfSubjectReview' },
    signal,
  });
  return status.userInfo.username;
}
