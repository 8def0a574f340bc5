/** The config file and sealed secrets. */
export const config = {
  'config.show.summary': 'Shows the config without secrets',
  'config.reload.summary': 'Reads the config file again',
  'config.reload.plan': 'The config file would be read again.',
  'config.foreign': 'it lies in the current folder and belongs to another user',
  'config.others-may-write': 'every user of this machine may write to it',
  E_CONFIG_UNTRUSTED: '{{file}} is not used as the config: {{reason}}.',
  'E_CONFIG_UNTRUSTED.next':
    'Look at what stands in it. Then take the right away (`chmod o-w`), or name it with `--config`.',
  'config.changed': 'In force now',
  'config.needs-restart': 'In force after a restart',
  'config.same': 'The config was read again; nothing in it is new.',
  'config.reloaded': 'The config was read again.',
  'config.reloaded-partly': 'The config was read again; some of it needs a restart of the bot.',
  'secret.show.summary': 'Shows a sealed secret once',
  'secret.code': 'The code from the answer that made the secret',
  'secret.once': 'It was shown this once; the code opens nothing any more.',
} as const;
