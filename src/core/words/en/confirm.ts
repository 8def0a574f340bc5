/** Questions before something is destroyed, and their answers. */
export const confirm = {
  'confirm.expired': 'No confirmation of `{{line}}` reached me in time; nothing was done.',
  'confirm.withdrawn':
    'That was wrong code number {{tries}}: the question is withdrawn, nothing was done.',
  'confirm.refused': '{{person}} said no; nothing was done.',
  'confirm.question-removed': 'The question was removed from the room; nothing was done.',
  'confirm.command-removed': 'The command was removed from the room; nothing was done.',
  'confirm.new-identity':
    '{{person}} has a new cryptographic identity since this was asked; nothing was done.',
  'confirm.nobody-there': 'The terminal that asked is gone; nothing was done.',
  E_CONFIRM_NOT_A_CODE: 'That is not a code; the question still waits.',
  'E_CONFIRM_NOT_A_CODE.next':
    'To go on, reply to it with `{{code}}`. To leave it, react to it with ❌.',
  E_CONFIRM_READ_LATE:
    'You sent that code in time, but I could read it only when its time was over; nothing was done.',
  'E_CONFIRM_READ_LATE.next': 'Send the command again.',
} as const;
