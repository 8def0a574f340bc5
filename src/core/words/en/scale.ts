/** More or fewer pods of a component. */
export const scale = {
  'scale.summary': 'Run more or fewer pods of a component for a while',
  'scale.component': 'The component, as `!status` lists it',
  'scale.replicas': 'How many pods, 0 to 10',
  'scale.flag.for':
    'How long (2h where it is left out), e.g. `30m`, `8h`, `2d`; then it is handed back',
  'scale.flag.lasting': 'For good; that goes through the values of the chart',
  'scale.plan':
    '{{component}} goes from {{from}} to {{to}} pods for {{span}}, and back to {{original}} then.',
  'scale.plan.back': '{{component}} goes from {{from}} back to {{to}} pods now.',
  'scale.helm':
    'Until it is handed back, `helm upgrade` stops with a conflict on the number of pods. Give the old number to hand it back before.',
  'scale.down.haproxy': 'nobody reaches Synapse: no messages, no sync',
  'scale.down.mas': 'no logins',
  'scale.down.rtc-auth': 'no new calls',
  'scale.down.worker': 'what this worker does is not done',
  'scale.down.other': 'it is not there',
  'scale.done_one': '{{component}} runs with {{count}} pod.',
  'scale.done_other': '{{component}} runs with {{count}} pods.',
  'scale.not-ready_one': '{{component}} is to run with {{count}} pod, which is not ready yet.',
  'scale.not-ready_other':
    '{{component}} is to run with {{count}} pods, and not all are ready yet.',
  'scale.until': 'At {{until}} it goes back to {{original}}.',
  'scale.is-back': 'The number belongs to the chart again.',
  'scale.handed-back': '{{component}} is back to {{original}} pods; its time was over.',
  'scale.hand-back-failed': '{{component}} could not be handed back. {{cause}} It is tried again.',
  E_SCALE_SINGLE: '{{component}} can not be scaled. {{why}}',
  'E_SCALE_SINGLE.next': '`!perf` shows what it uses; more memory or CPU goes through the values.',
  E_SCALE_LASTING: 'A number that lasts belongs into the values of the chart.',
  'E_SCALE_LASTING.next':
    'Set `{{values}}.replicas: {{wanted}}` in the values and run `helm upgrade`; for a while, leave `--lasting` out.',
} as const;
