/** Components of the release and what is wrong with them. */
export const stack = {
  E_KUBERNETES_NOT_CONFIGURED: 'urtc does not know the cluster that the home server runs in.',
  'E_KUBERNETES_NOT_CONFIGURED.next':
    'Add a section `kubernetes` to the config file (docs/kubernetes.md) and restart the bot.',
  E_COMPONENT_UNKNOWN: 'There is no component “{{component}}”.',
  'E_COMPONENT_UNKNOWN.next':
    '{{suggestion}}There are: {{components}}, and the workers of Synapse by their type.',
  E_COMPONENT_NOT_INSTALLED: '{{component}} is not installed in release {{release}}.',
  'E_COMPONENT_NOT_INSTALLED.next': '`!status` lists what is; the values of the chart turn it on.',
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
} as const;
