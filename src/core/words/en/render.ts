/** Words that the renderers put around what a command says. */
export const render = {
  'render.colon': ': ',
  'render.file': 'File: {{name}} ({{size}})',
  'render.in_file': 'The whole answer is in the file {{name}} ({{size}}).',
  'render.no_rows': 'No entries.',
  'render.error_code': 'Error code',
  'question.title': 'Confirm `{{line}}`',
  'question.destroy': 'This cannot simply be undone. It will happen:',
  'question.asks': 'This asks first. It will happen:',
  'question.stale':
    'This command was read long after it was sent, so it asks first. It will happen:',
  'question.code': 'To go on, reply with `{{code}}` within {{left}} (until {{until}}).',
  'question.cancel': 'To leave it, react with ❌ or send `!cancel {{job}}`.',
  'question.cancel_terminal': 'To leave it, press Ctrl-C or Enter.',
  'status.working': 'Working on `{{line}}`',
  'status.step': 'Now: {{doing}}',
  'status.since': 'Job {{job}}, since {{since}}. `!cancel {{job}}` stops it.',
  'status.ended': '`{{line}}` (job {{job}})',
} as const;
