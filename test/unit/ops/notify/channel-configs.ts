import { Secret } from '../../../../src/core/secret.ts';
import type { ChannelConfig } from '../../../../src/platform/config/notify-config.ts';
import { makeNote } from '../../../../src/ops/notify/note.ts';

/** A secret that must not turn up anywhere but where it belongs. */
export const canary = 'canary-7f3a9c51e0';

/** One channel of each kind, for a sink on this port; each has the canary as its secret. */
export const channelConfigs = (port: number, ca: string | null = null) => {
  const scheme = ca === null ? 'http' : 'https';
  const url = new Secret(`${scheme}://127.0.0.1:${port}`);
  const secret = new Secret(canary);
  return {
    ntfy: { kind: 'ntfy', name: 'ntfy', url, topic: new Secret('topic-1'), token: secret, ca },
    gotify: { kind: 'gotify', name: 'gotify', url, token: secret, ca },
    telegram: { kind: 'telegram', name: 'telegram', url, token: secret, chat: '-100', ca },
    webhook: {
      ...{ kind: 'webhook', name: 'webhook', token: null, ca },
      url: new Secret(`${scheme}://127.0.0.1:${port}/hooks/${canary}?key=${canary}`),
    },
    smtp: {
      ...{ kind: 'smtp', name: 'smtp', host: '127.0.0.1', port, tls: 'none', ca },
      ...{ user: 'urtc', password: secret, from: 'urtc@x.org', to: ['anna@x.org'] },
    },
  } as const satisfies Readonly<Record<string, ChannelConfig>>;
};

/** A message, with what an attacker would put into a label. */
export const nastyNote = makeNote({
  ...{ id: 'urtc-matrix-begun-abc', at: 1_700_000_000_000, urgency: 'trouble' },
  title: 'urtc: x.org\r\nBcc: eve@x.org\r\n\r\nbody',
  lines: [
    '- critical: Disk\r\n.\r\nMAIL FROM:<eve@x.org>',
    'two \u202egnp.exe @anna <b>x</b>',
    'ü',
  ],
});
