/** Words of the parser. A reason reads on after a colon, without a full stop. */
export const parse = {
  'parse.suggestion': 'Did you mean `{{nearest}}`? ',
  'parse.suggestion.command': 'Did you mean `!{{nearest}}`? ',
  'parse.flag.none': 'It has no options. ',
  'parse.flag.terminal':
    '`{{flag}}` is an option of the terminal, for `urtc {{command}}` on the server. ',
  'parse.reason.invalid': 'it is not valid',
  'parse.reason.number': 'it has to be a number',
  'parse.reason.integer': 'it has to be a whole number',
  'parse.reason.range': 'it has to be a whole number from {{least}} to {{most}}',
  'parse.reason.choice': 'it has to be one of: {{values}}',
  'parse.reason.short': 'it is too short, the least is {{limit}} characters',
  'parse.reason.long': 'it is too long, the most is {{limit}} characters',
  'parse.reason.small': 'the least is {{limit}}',
  'parse.reason.big': 'the most is {{limit}}',
  'parse.reason.format': 'it has the wrong form',
  'parse.reason.multiple': 'it has to be a multiple of {{divisor}}',
  E_PARSE_CHARACTER:
    'An invisible character ({{character}}), which could hide text or disguise a name, stands here.',
  'E_PARSE_CHARACTER.next': 'Type the command by hand instead of pasting it.',
  E_PARSE_SECOND_COMMAND: 'A second command starts here; nothing was done.',
  'E_PARSE_SECOND_COMMAND.next': 'Send one command per message.',
  E_COMMAND_INCOMPLETE: '`{{noun}}` needs a second word: {{verbs}}.',
  'E_COMMAND_INCOMPLETE.next': '`!help {{noun}}` explains them.',
  E_FLAG_VALUE_EXTRA: 'The option “{{flag}}” takes no value.',
  'E_FLAG_VALUE_EXTRA.next': 'Write `{{flag}}`, or leave it out.',
} as const;
