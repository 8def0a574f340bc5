import type { ChannelConfig } from '../../../platform/config/notify-config.ts';
import type { Channel } from '../channel.ts';
import type { Note } from '../note.ts';
import { exchangeHttp } from './http-exchange.ts';
import { messageTimeoutMs } from './times.ts';

const priorities = { trouble: 5, relief: 3 } as const satisfies Record<Note['urgency'], number>;
const tags = { trouble: ['rotating_light'], relief: ['white_check_mark'] } as const;

/**
 * ntfy (docs.ntfy.sh, "Publish as JSON"): the topic, which is as good as a password, stands in the
 * body and in no address. Newer servers show a repeat with the same `sequence_id` in the place of the
 * first one.
 */
export function ntfyChannel(config: Extract<ChannelConfig, { kind: 'ntfy' }>): Channel {
  const { name, url, topic, token, ca } = config;
  return {
    name,
    deliver: ({ id, title, text, urgency }, signal) =>
      exchangeHttp(
        {
          ...{ method: 'POST', url, ca, timeoutMs: messageTimeoutMs },
          headers: {
            'content-type': 'application/json',
            ...(token === null ? {} : { authorization: `Bearer ${token.reveal()}` }),
          },
          body: JSON.stringify({
            ...{ topic: topic.reveal(), title, message: text, sequence_id: id },
            ...{ priority: priorities[urgency], tags: tags[urgency] },
          }),
          secrets: token === null ? [topic] : [topic, token],
        },
        signal,
      ),
  };
}
