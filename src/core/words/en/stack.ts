/** Components of the release and what is wrong with them. */
export const stack = {
  E_KUBERNETES_NOT_CONFIGURED: 'urtc does not know the cluster that the home server runs in.',
  'E_KUBERNETES_NOT_CONFIGURED.next':
    'Add a section `kubernetes` to the config file (docs/kubernetes.md) and restart the bot.',
  E_COMPONENT_UNKNOWN: 'There is no component “{{component}}”.',
  'E_COMPONENT_UNKNOWN.next': '{{suggestion}}There are: {{components}}, and {{workers}}.',
  E_COMPONENT_NOT_INSTALLED: '{{component}} is not installed in release {{release}}.',
  'E_COMPONENT_NOT_INSTALLED.next': '`!status` lists what is; the values of the chart turn it on.',
  E_RELEASE_EMPTY: 'Release {{release}} runs nothing in namespace {{namespace}}.',
  'E_RELEASE_EMPTY.next':
    'Check `kubernetes.release` and `kubernetes.namespace` in the config file; `helm list -A` shows both.',
  'component.workers': 'the workers of Synapse by their type',
  'component.workers.installed': 'of the workers of Synapse {{names}}',
  'component.nearest': 'Did you mean `{{nearest}}`? ',
  'component.single.synapse':
    "Synapse's main process must be a single one: two would write over each other. More power comes from workers.",
  'component.single.postgres':
    "The chart's PostgreSQL is one server on one volume; a second pod would be a second, empty database.",
  'component.single.redis':
    'All processes of Synapse must meet in one and the same cache; with two they would miss each other.',
  'component.single.sfu':
    'A call lives in the memory of one SFU, and its ports on the node can be taken only once.',
  'component.single.rtc-auth':
    'Since chart 26.9.0 the authorisation service for calls must be a single one.',
  'component.single.hookshot': 'Hookshot keeps its state on one volume and must be a single one.',
  'component.single.worker': 'Synapse allows only one process of this worker type.',
  'stack.level.broken': 'broken',
  'stack.level.warning': 'look at it',
  'stack.level.starting': 'starting',
  'stack.level.fine': 'fine',
  'stack.subject.pod': 'pod {{name}}',
  'stack.subject.node': 'node {{name}}',
  'stack.subject.claim': 'volume {{name}}',
  'stack.subject.certificate': 'certificate {{name}}',
  'stack.subject.release': 'the release',
  'stack.judged': '{{subject}}: {{problem}}',
  'stack.unknown-time': 'an unknown time',
  'stack.no-reason': 'no reason is told',
  'stack.no-limit': 'without a limit of its own',
  'stack.end.code': 'exit code {{code}} {{reason}}',
  'stack.end.killed': 'killed, exit code {{code}} {{reason}}',
  'problem.crash-loop_one':
    '{{container}} in {{pod}} ends as soon as it starts ({{end}}); started again {{count}} time.',
  'problem.crash-loop_other':
    '{{container}} in {{pod}} ends as soon as it starts ({{end}}); started again {{count}} times.',
  'problem.restarted_one':
    '{{container}} in {{pod}} ended {{ago}} ago ({{end}}) and was started again; {{count}} time so far.',
  'problem.restarted_other':
    '{{container}} in {{pod}} ended {{ago}} ago ({{end}}) and was started again; {{count}} times so far.',
  'problem.out-of-memory':
    '{{container}} in {{pod}} was killed for using too much memory (limit: {{limit}}) and is down.',
  'problem.out-of-memory.running':
    '{{container}} in {{pod}} was killed {{ago}} ago for using too much memory (limit: {{limit}}); it runs again.',
  'problem.image-pull': 'the image {{image}} for {{pod}} can not be fetched: {{message}}',
  'problem.config': '{{container}} in {{pod}} can not be made: {{message}}',
  'problem.unschedulable': 'no node takes {{pod}}, since {{ago}}: {{message}}',
  'problem.waits-at-start':
    '{{pod}} has waited for {{ago}} in its step {{container}} before the start.',
  'problem.not-ready': '{{container}} in {{pod}} has not been ready for {{ago}}.',
  'problem.evicted': '{{pod}} was thrown off its node: {{message}}',
  'problem.stuck-ending': '{{pod}} was told to end {{ago}} ago and is still there.',
  'problem.not-running': '{{pod}} does not run ({{state}}), since {{ago}}.',
  'problem.rollout-stuck': 'the new version does not come up, since {{ago}}: {{message}}',
  'problem.no-pods': 'no pod can be made, since {{ago}}: {{message}}',
  'problem.too-few': '{{ready}} of {{wanted}} are ready.',
  'problem.switched-off': 'is switched off (0 wanted).',
  'problem.too-many': '{{wanted}} are wanted. {{why}}',
  'problem.node-down': 'is not ready, since {{ago}}: {{message}}',
  'problem.node-pressure.memory': 'runs out of memory: {{message}}',
  'problem.node-pressure.disk': 'runs out of disk: {{message}}',
  'problem.node-pressure.processes': 'runs out of process numbers: {{message}}',
  'problem.node-pressure.network': 'has no network: {{message}}',
  'problem.node-closed': 'takes no new pods (cordoned).',
  'problem.claim-pending': 'has waited for its place on the disk for {{ago}}.',
  'problem.claim-lost': 'has lost its place on the disk.',
  'problem.certificate-expired': 'expired at {{at}}.',
  'problem.certificate-expiring': 'ends in {{left}} and was not renewed.',
  'problem.certificate-not-ready': 'is not ready, since {{ago}}: {{message}}',
  'problem.not-visible': 'not everything can be seen. {{cause}}',
  'problem.unread': 'not all of it was read yet.',
  'problem.unreachable': 'the cluster does not answer; what is shown is the last that was known.',
  'problem.no-release':
    'there is nothing of it in its namespace. Check `kubernetes.release` and `kubernetes.namespace` in the config file.',
} as const;
