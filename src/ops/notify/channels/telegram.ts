import { Secret } from '../../../core/secret.ts';
import type { ChannelConfig } from '../../../platform/config/notify-config.ts';
import type { Channel } from '../channel.ts';
import { exchangeHttp } from './http-exchange.ts';
import { messageTimeoutMs } from './times.ts';

/**
 * Telegram (Bot API, `sendMessage`). The token stands in the path of the address, so the address is a
 * secret. Without `parse_mode` a text is plain; a name after an `@` would still call somebody.
 */
export function telegramChannel(config: Extract<ChannelConfig, { kind: 'telegram' }>): Channel {
  const { name, url, token, chat, ca } = config;
  const address = new Secret(`${url.reveal()}/bot${token.reveal()}/sendMessage`);
  return {
    name,
    deliver: ({ title, text, urgency }, signal) =>
      exchangeHttp(
        {
          ...{ method: 'POST', url: address, ca, timeoutMs: messageTimeoutMs },
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            chat_id: chat,
            text: `${title}\n\n${text}`.replace(/@(?=\w)/g, '@\u2060'),
            link_preview_options: { is_disabled: true },
            disable_notification: urgency === 'relief',
          }),
          secrets: [token],
        },
        signal,
      ),
  };
}
