/** What is told out of band, where no Matrix is needed, and the watchdog. */
export const notify = {
  'settings.reason.secure-url':
    'it must be an https address (http only on this machine): a secret would go over the network in clear',
  'settings.reason.mail-address': 'it is no plain mail address such as `anna@example.org`',
  'settings.reason.mail-tls':
    '`none` is only for a mail server on this machine: use `starttls` or `implicit`',
  'settings.reason.mail-login': '`user` and `password` belong together',
  'settings.reason.channel':
    'it must have exactly one of `smtp`, `ntfy`, `gotify`, `telegram`, `webhook`',
  'settings.reason.duplicate-channel': 'there is another channel of that name: give one a `name`',

  'notify.title.matrix': 'urtc: {{server}} takes no messages',
  'notify.title.watchdog': 'urtc: monitoring of {{server}} is silent',
  'notify.title.still': 'Still: {{title}}',
  'notify.title.matrix-over': 'urtc: {{server}} takes messages again',
  'notify.title.watchdog-over': 'urtc: monitoring of {{server}} is back',
  'notify.matrix':
    'The home server, or a room on it, has taken nothing that the bot has to say since {{since}} ({{span}}).',
  'notify.waiting_one': '{{count}} message waits.',
  'notify.waiting_other': '{{count}} messages wait.',
  'notify.firing_one': '{{count}} alert fires:',
  'notify.firing_other': '{{count}} alerts fire:',
  'notify.group': '- {{severity}}: {{name}} ({{alerts}})',
  'notify.more': '+{{count}} more',
  'notify.hint': 'On the server: sudo urtc status, sudo urtc alert list',
  'notify.matrix-over': 'It had taken nothing since {{since}}, for {{span}}.',
  'notify.delivered_one': '{{count}} message that waited was delivered.',
  'notify.delivered_other': '{{count}} messages that waited were delivered.',
  'notify.watchdog': 'Alertmanager has not sent its watchdog since {{seen}}.',
  'notify.watchdog-over': 'Alertmanager has sent its watchdog again at {{seen}}.',

  'watchdog.silent':
    'Monitoring is silent: the watchdog has not come from Alertmanager since {{seen}}. What breaks now, nobody tells.',
  'watchdog.silent.next':
    'Check that Prometheus and Alertmanager run and reach the bot. What has ended since then may go on: it is shown as no longer reported.',
  'watchdog.back': 'Monitoring is back: the watchdog came again after {{span}}.',

  'notify.test.summary': 'Sends a test message by the channels that need no Matrix',
  'notify.test.channel': 'Only this channel; else all of them',
  'notify.test.plan': 'A test message would be sent by: {{channels}}',
  'notify.test.title': 'urtc: test from {{server}}',
  'notify.test.text': 'If you can read this, alerts reach you also when Matrix does not.',
  'notify.test.done_one': '{{count}} channel has taken the test message.',
  'notify.test.done_other': 'All {{count}} channels have taken the test message.',
  'notify.test.failed_one': '{{count}} channel of {{all}} has not taken the test message.',
  'notify.test.failed_other': '{{count}} channels of {{all}} have not taken the test message.',
  'notify.column.channel': 'Channel',
  'notify.column.result': 'Result',
  'notify.column.answer': 'Answer',
  'notify.result.taken': 'taken',
  'notify.result.refused': 'not taken',
  'notify.result.unsure': 'no answer',

  E_NOTIFY_OFF: 'The bot has no way out but Matrix, as its config names no channel.',
  'E_NOTIFY_OFF.next': 'Add a section `notify` (docs/alerts.md) and restart the bot.',
  E_CHANNEL_UNKNOWN: 'There is no channel “{{channel}}”.',
  'E_CHANNEL_UNKNOWN.next': 'There is: {{channels}}.',
} as const;
