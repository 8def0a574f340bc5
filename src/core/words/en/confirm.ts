/** Questions before something is destroyed, and their answers. */
export const confirm = {
  'confirm.expired': 'Nobody confirmed in time; nothing was done.',
  'confirm.withdrawn':
    'That was wrong code number {{tries}}: the question is withdrawn, nothing was done.',
  'confirm.refused': '{{person}} said no; nothing was done.',
  'confirm.question-removed': 'The question was removed from the room; nothing was done.',
  'confirm.command-removed': 'The command was removed from the room; nothing was done.',
  'confirm.nobody-there': 'The terminal that asked is gone; nothing was done.',
} as const;
