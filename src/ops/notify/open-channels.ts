import type { ChannelConfig } from '../../platform/config/notify-config.ts';
import type { Channel } from './channel.ts';
import { gotifyChannel } from './channels/gotify.ts';
import { ntfyChannel } from './channels/ntfy.ts';
import { smtpChannel } from './channels/smtp.ts';
import { telegramChannel } from './channels/telegram.ts';
import { webhookChannel } from './channels/webhook.ts';

/** A channel of the config. It connects to nobody before there is something to say. */
export function openChannel(config: ChannelConfig): Channel {
  switch (config.kind) {
    case 'smtp':
      return smtpChannel(config);
    case 'ntfy':
      return ntfyChannel(config);
    case 'gotify':
      return gotifyChannel(config);
    case 'telegram':
      return telegramChannel(config);
    case 'webhook':
      return webhookChannel(config);
    default:
      return config satisfies never;
  }
}
