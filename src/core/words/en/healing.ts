/** Restarts that the bot does by itself. */
export const healing = {
  'healing.pause.summary': 'Let the bot restart nothing by itself until it is resumed',
  'healing.resume.summary':
    'Let the bot restart by itself again, also where it had stopped to wait for a person',
  'healing.pause.plan': 'Nothing is restarted by itself from now on, until `!healing resume`.',
  'healing.resume.plan': 'From now on the bot restarts by itself what a restart can cure.',
  'healing.pause.done': 'Self-healing is paused; `!healing resume` ends that.',
  'healing.resume.done': 'Self-healing is on again.',
  E_HEALING_OFF: 'Self-healing is off.',
  'E_HEALING_OFF.next':
    'Set `healing.enabled: true` in the config file and run `!config reload` (docs/kubernetes.md).',
  'healing.status': 'Self-healing',
  'healing.status.off': 'off',
  'healing.status.on': 'on',
  'healing.status.paused': 'paused by {{person}} since {{at}}',
  'healing.status.stopped': 'on; waits for a person at {{components}}',
  'healing.does.pod': '{{at}}: self-healing restarts pod {{pod}} of {{component}}.',
  'healing.does.workload': '{{at}}: self-healing restarts {{component}}.',
  'healing.did.pod': '{{at}}: self-healing restarted pod {{pod}} of {{component}}.',
  'healing.did.workload': '{{at}}: self-healing restarted {{component}}.',
  'healing.failed.pod':
    '{{at}}: self-healing could not restart pod {{pod}} of {{component}} ({{code}}).',
  'healing.failed.workload': '{{at}}: self-healing could not restart {{component}} ({{code}}).',
  'healing.undone.pod':
    '{{at}}: self-healing was about to restart pod {{pod}} of {{component}}, and did not come to it.',
  'healing.undone.workload':
    '{{at}}: self-healing was about to restart {{component}}, and did not come to it.',
  'healing.left.protected': '{{component}} is not restarted by itself. {{because}}',
  'healing.left.never-worked':
    '{{component}} is not restarted by itself: this pod was never ready, and the next one would be the same.',
  'healing.left.budget':
    'Self-healing has acted three times at {{component}} within an hour, and waits.',
  'healing.left.repeat':
    'Self-healing has stopped at {{component}}: the trouble outlived its restarts.',
  'healing.protected.postgres':
    'A database that crashes is mostly recovering or out of space: a restart begins the recovery anew, and a person should look first.',
  'healing.stopped':
    'Self-healing has stopped at {{component}}: it was restarted, and the trouble is there again. A person has to look.',
  'healing.stopped.next':
    '`!logs {{component}} --previous` shows how its last run ended; `!healing resume` lets self-healing go on.',
} as const;
