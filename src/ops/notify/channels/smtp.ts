import type { Channel } from '../channel.ts';
import type { SmtpConfig } from './mail-conversation.ts';

/** Mail (RFC 5321). With TLS unless the server is this machine; its certificate is checked. */
export function smtpChannel(config: SmtpConfig): Channel {
  // Only where it may be needed; and now, for after an upgrade of the package it may not be there.
  const loaded = import('./mail-conversation.ts');
  return {
    name: config.name,
    deliver: async (note, signal) => (await loaded).sendMail(config, note, signal),
  };
}
