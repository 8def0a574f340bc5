import { Secret } from '../../../core/secret.ts';
import type { ChannelConfig } from '../../../platform/config/notify-config.ts';
import type { Channel } from '../channel.ts';
import type { Note } from '../note.ts';
import { exchangeHttp } from './http-exchange.ts';
import { messageTimeoutMs } from './times.ts';

/** From 8 on, its Android app rings. */
const priorities = { trouble: 8, relief: 4 } as const satisfies Record<Note['urgency'], number>;

/** Gotify (its API, `POST /message` with the token of an application). */
export function gotifyChannel(config: Extract<ChannelConfig, { kind: 'gotify' }>): Channel {
  const { name, url, token, ca } = config;
  return {
    name,
    deliver: ({ title, text, urgency }, signal) =>
      exchangeHttp(
        {
          ...{ method: 'POST', url: new Secret(`${url.reveal()}/message`), ca },
          headers: { 'content-type': 'application/json', 'x-gotify-key': token.reveal() },
          body: JSON.stringify({ title, message: text, priority: priorities[urgency] }),
          ...{ secrets: [token], timeoutMs: messageTimeoutMs },
        },
        signal,
      ),
  };
}
