/** The config file and sealed secrets. */
export const config = {
  'config.show.summary': 'Shows the config without secrets',
  'config.reload.summary': 'Reads the config file again',
  'config.reload.plan': 'The config file would be read again.',
  'config.foreign': 'it lies in the current folder and belongs to another user',
  'config.others-may-write': 'every user of this machine may write to it',
  E_CONFIG_UNTRUSTED: '{{file}} is not used as the config: {{reason}}.',
  'E_CONFIG_UNTRUSTED.next':
    'Look at what stands in it, for somebody else may have written it. {{advice}}',
  'config.foreign.next': 'If you want to use it all the same, name it: `{{option}}`.',
  'config.others-may-write.next': 'Then run `{{command}}`.',
  'config.changed': 'In force now',
  'config.needs-restart': 'In force after a restart',
  'config.same': 'The config was read again; nothing in it is new.',
  'config.warned': '{{file}} has no mistakes, but look at this:',
  'config.offline': 'The home server was not asked (`--offline`).',
  'config.data-missing':
    'The data folder {{folder}} is not there yet: the bot makes it when it starts.',
  'config.not-asked':
    'The home server at {{url}} could not be asked: {{reason}}. Whether it accepts the tokens and knows the people is not checked.',
  'config.not-asked.next': 'Start the home server, or check `homeserver.url` and `admin.url`.',
  'config.only-readers':
    'Everybody under `people` is a viewer: in the room nobody may do what is for operators and admins, only root on the server can.',
  'config.only-readers.next': 'Give at least one person the role admin.',
  'config.no-account':
    '{{user}} has no account on this home server: whoever registers that name gets the role {{role}}.',
  'config.no-account.next':
    'Make the account (`urtc user add {{name}}`) or take the person out of `people`.',
  'config.healing-no-cluster':
    'Self-healing is switched on (`healing.enabled`), but there is no section `kubernetes`, so it never does anything.',
  'config.healing-no-cluster.next':
    'Add the section `kubernetes` (docs/kubernetes.md), or take `healing.enabled` out.',
  'config.storage-missing':
    'This machine has no folder {{path}} (`kubernetes.storagePath`), so the space that is measured is not that of the volumes.',
  'config.storage-missing.next':
    'Name the folder of the volumes on this machine, or take `kubernetes.storagePath` out: then it is looked for.',
  'config.no-bot':
    'No bot is running, so there is nobody to tell. {{file}} was read and has no mistake; the next start of the bot uses it.',
  'config.reloaded': 'The config was read again.',
  'config.reloaded-partly': 'The config was read again; some of it needs a restart of the bot.',
  'secret.show.summary': 'Shows a sealed secret once',
  'secret.code': 'The code from the answer that made the secret',
  'secret.once': 'It was shown this once; the code opens nothing any more.',
} as const;
