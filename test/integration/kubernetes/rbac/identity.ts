import { Agent, request } from 'undici';
import { z } from 'zod';

/** Where the API server is and how its certificate is known. */
export interface ApiServer {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
}

/** Media types of the API server's patches. */
export const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/** What is asked of the authoriser. */
export interface Question {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Whoever holds a token, before the real API server. */
export interface Identity {
  /** Status and text of the answer, whatever it is. */
  send(
    method: string,
    path: string,
    sending?: { readonly type?: string; readonly body?: unknown },
  ): Promise<{ readonly status: number; readonly text: string }>;
  /** SelfSubjectAccessReview. */
  may(question: Question): Promise<boolean>;
  close(): Promise<void>;
}

const review = z.object({
  status: z.object({ allowed: z.boolean(), evaluationError: z.string().optional() }),
});

/** Speaks to the API server with nothing but this token. */
export const identity = ({ url, ca }: ApiServer, token: string): Identity => {
  const dispatcher = new Agent({ connect: { ca } });
  const send: Identity['send'] = async (method, path, { type, body } = {}) => {
    const answer = await request(`${url}${path}`, {
      method,
      dispatcher,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': type ?? 'application/json',
        accept: 'application/json',
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  };
  return {
    send,
    async may(question) {
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const { status, text } = await send('POST', path, {
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: question },
        },
      });
      if (status !== 201) throw new Error(`SelfSubjectAccessReview → ${status}: ${text}`);
      const answer = review.parse(JSON.parse(text)).status;
      if (answer.evaluationError !== undefined) throw new Error(answer.evaluationError);
      return answer.allowed;
    },
    close: () => dispatcher.close(),
  };
};
