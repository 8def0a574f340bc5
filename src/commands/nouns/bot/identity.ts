import type { Field } from '../../../core/report.ts';
import { say, type Text } from '../../../core/text.ts';
import type { BotIdentitySnapshot } from '../../capabilities.ts';
import { defineRead } from '../../command.ts';
import { keyText } from './key-text.ts';

/** `bot identity`: what a person compares with his client, and whether the identity is safe. */
export const botIdentity = defineRead({
  words: ['bot', 'identity'],
  summary: 'bot.identity.summary',
  role: 'viewer',
  surface: 'everywhere',
  uses: ['botIdentity'],
  arguments: {},
  flags: {},
  examples: ['bot identity'],
  async *run({ botIdentity: identity }) {
    const found = await identity.snapshot();
    yield {
      type: 'fields',
      id: 'identity',
      fields: [
        { id: 'user', label: say('bot.user'), value: found.user },
        ...deviceFields(found),
        ...liveFields(found),
        {
          id: 'recovery_key',
          label: say('bot.recovery-key'),
          value: recoveryKeyText(found.recoveryKey),
        },
      ],
    };
    if (found.keysLost) {
      yield { type: 'outcome', outcome: 'warning', text: say('bot.keys-lost') };
    } else if (found.device === null) yield { type: 'hint', text: say('bot.no-keys') };
  },
});

function deviceFields({ device }: BotIdentitySnapshot): readonly Field[] {
  if (device === null) return [];
  const { id, fingerprint } = device;
  const shown = fingerprint === null ? null : keyText(fingerprint);
  return [
    { id: 'device', label: say('bot.device'), value: id },
    { id: 'fingerprint', label: say('bot.fingerprint'), value: shown },
  ];
}

function liveFields({ device, live }: BotIdentitySnapshot): readonly Field[] {
  if (live === null) {
    const value = say('bot.unknown-now');
    return device === null ? [] : [{ id: 'signed', label: say('bot.signed'), value }];
  }
  const { signed, identityKey, backup, keys } = live;
  return [
    { id: 'signed', label: say('bot.signed'), value: say(signed ? 'common.yes' : 'common.no') },
    {
      id: 'identity_key',
      label: say('bot.identity-key'),
      value: identityKey === null ? null : keyText(identityKey),
    },
    { id: 'backup', label: say('bot.backup'), value: backupText(backup) },
    { id: 'keys_backed_up', label: say('bot.backed-up'), value: say('bot.backed-up.of', keys) },
  ];
}

function backupText(backup: NonNullable<BotIdentitySnapshot['live']>['backup']): Text {
  switch (backup.state) {
    case 'off':
      return say('bot.backup.none');
    case 'on':
      return say('bot.backup.version', { version: backup.version });
    case 'foreign':
      return say('bot.backup.foreign', { version: backup.version });
    default:
      return backup satisfies never;
  }
}

function recoveryKeyText(key: BotIdentitySnapshot['recoveryKey']): Text {
  switch (key.state) {
    case 'none':
      return say('bot.recovery-key.none');
    case 'unready':
      return say('bot.recovery-key.unready');
    case 'waiting':
      return say('bot.recovery-key.waiting', { since: { moment: key.since } });
    case 'shown':
      return say('bot.recovery-key.shown', { at: { moment: key.at } });
    default:
      return key satisfies never;
  }
}
