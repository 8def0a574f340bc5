/** Registration tokens: with one, a person makes an account of his own. */
export const tokens = {
  'token.argument.handle': 'Handle of the token, from `!token list`',
  'token.flag.days': 'Days until it expires',
  'token.flag.uses': 'How many accounts it makes',
  'token.flag.note': 'What it is for; kept by the bot only',

  'token.reason.handle': 'it is no handle of a token; `!token list` shows them',
  'token.note.long': 'a note has at most {{limit}} characters',
  'token.note.invisible': 'a note has no line breaks or invisible characters',

  'token.field.handle': 'Handle',
  'token.field.note': 'Note',
  'token.field.state': 'State',
  'token.field.uses': 'Accounts made',
  'token.field.uses-allowed': 'of',
  'token.field.pending': 'Being made',
  'token.field.expires': 'Expires',
  'token.unlimited': 'any number',
  'token.never': 'never',
  'token.state.open': 'open',
  'token.state.expired': 'expired',
  'token.state.used': 'used up',

  'token.secret':
    'The token is not shown here. On the server, `sudo urtc secret show {{code}}` prints it once.',

  'token.create.summary': 'Make a registration token: with it, people make accounts of their own',
  'token.create.plan_one':
    'A registration token will be made: {{count}} account, until {{expires}}.',
  'token.create.plan_other':
    'A registration token will be made: {{count}} accounts, until {{expires}}.',
  'token.create.done_one': 'The token {{handle}} makes {{count}} account.',
  'token.create.done_other': 'The token {{handle}} makes {{count}} accounts.',
  'token.create.lost':
    'The code of this token has expired, so it can’t be told whether it was made. `!token list` shows it if so.',

  'token.list.summary': 'List the registration tokens',
  'token.list.title': 'Registration tokens',

  'token.revoke.summary': 'Revoke a registration token; accounts made with it stay',
  'token.revoke.plan': 'The token {{handle}} will be revoked: it makes no more accounts.',
  'token.revoke.done': 'The token {{handle}} is revoked.',
} as const;
