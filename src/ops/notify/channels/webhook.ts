import type { ChannelConfig } from '../../../platform/config/notify-config.ts';
import type { Channel } from '../channel.ts';
import { exchangeHttp } from './http-exchange.ts';
import { messageTimeoutMs } from './times.ts';

/** Any service that takes JSON: `{id, at, urgency, title, text}`. Its address may hold its password. */
export function webhookChannel(config: Extract<ChannelConfig, { kind: 'webhook' }>): Channel {
  const { name, url, token, ca } = config;
  return {
    name,
    deliver: ({ id, at, urgency, title, text }, signal) =>
      exchangeHttp(
        {
          ...{ method: 'POST', url, ca, timeoutMs: messageTimeoutMs },
          headers: {
            'content-type': 'application/json',
            'idempotency-key': id,
            ...(token === null ? {} : { authorization: `Bearer ${token.reveal()}` }),
          },
          body: JSON.stringify({ id, at: new Date(at).toISOString(), urgency, title, text }),
          secrets: token === null ? [url] : [url, token],
        },
        signal,
      ),
  };
}
