/** Logs of components. */
export const logs = {
  'logs.summary': "Show the last lines of a component's log, without secrets",
  'logs.component': 'The component, as `!status` lists it',
  'logs.flag.tail': 'How many lines of each pod (50 where it is left out, at most 10 000)',
  'logs.flag.since': 'Only what is newer than this: `90s`, `30m`, `2h`, `7d`',
  'logs.flag.grep':
    'Only lines with this text, in any case of letters, or that match a `/regular expression/`',
  'logs.flag.previous': 'The run before the last restart',
  'logs.flag.follow': 'Go on with what comes: in a thread, for ten minutes or 500 lines',
  'logs.flag.container': 'Another container than the one that does the work',
  'logs.title': '{{pod}} / {{container}}',
  'logs.no-pods': '{{component}} has no pods, so there is no log.',
  'logs.no-previous': 'It was not restarted, so there is no earlier run.',
  'logs.unreadable': 'No log can be read. {{cause}}',
  'logs.empty': 'Nothing was logged.',
  'logs.no-match': 'No line has “{{text}}”.',
  'logs.cut':
    'The log is longer than what is looked through; {{size}} were read. Narrow it down with `--since`.',
  'logs.left-out_one': '{{count}} line before these was left out: too many at once.',
  'logs.left-out_other': '{{count}} lines before these were left out: too many at once.',
  'logs.followed.time_one': '{{component}}: {{count}} line in {{span}}; that is the longest.',
  'logs.followed.time_other': '{{component}}: {{count}} lines in {{span}}; that is the longest.',
  'logs.followed.lines_one': '{{component}}: {{count}} line in {{span}}; that is the most.',
  'logs.followed.lines_other': '{{component}}: {{count}} lines in {{span}}; that is the most.',
  'logs.followed.containers_one':
    '{{component}}: {{count}} line in {{span}}; then its containers ended.',
  'logs.followed.containers_other':
    '{{component}}: {{count}} lines in {{span}}; then its containers ended.',
  'logs.grep.syntax': 'it is no regular expression',
  'logs.grep.looks':
    'look-around, named groups and backreferences are not taken: they could take for ever',
  'logs.grep.big': 'it is too long',
  'duration.reason':
    'it has to be a time from {{least}} to {{most}}, e.g. `90s`, `30m`, `2h`, `7d`',
  E_CONTAINER_UNKNOWN: '{{component}} has no container “{{container}}”.',
  'E_CONTAINER_UNKNOWN.next': 'It has: {{containers}}.',
  E_LOGS_BUSY: '{{most}} logs are followed already.',
  'E_LOGS_BUSY.next': 'Stop one of them; `!jobs` lists them.',
} as const;
