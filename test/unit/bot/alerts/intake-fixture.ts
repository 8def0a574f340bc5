import { onTestFinished } from 'vitest';
import { createIntakeServer } from '../../../../src/bot/alerts/intake-server.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { readNotification } from '../../../../src/ops/alerts/notification.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { rememberingLog } from '../quiet-log.ts';

export const token = 'a-token-of-the-test';

/** A body, and where and how it is sent. */
export type Sent = string | Buffer | object;

/** An intake that keeps what it has accepted. `accept`: what it does with it before. */
export function openIntake(
  accept: (part: string) => Promise<void> = () => Promise.resolve(),
  limits: { readonly requestTimeoutMs?: number } = {},
) {
  const taken: string[] = [];
  const { log, lines } = rememberingLog();
  const { server, counts, idle } = createIntakeServer({
    ...{ token: new Secret(token), tls: null, clock: systemClock, log },
    ...limits,
    accept: async (part) => {
      await accept(part);
      taken.push(part);
    },
  });
  onTestFinished(() => server.close());
  const send = async (
    payload: Sent,
    { url = '/alerts/alertmanager', method = 'POST', headers = {} } = {},
  ): Promise<number> => {
    const answer = await server.inject({
      ...{ method, url },
      payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : { ...payload },
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...headers,
      },
    });
    return answer.statusCode;
  };
  return {
    ...{ send, taken, counts, idle, server, lines },
    post: (payload: Sent, headers: Readonly<Record<string, string>> = {}) =>
      send(payload, { headers }),
    notifications: () => taken.map(readNotification),
  };
}
