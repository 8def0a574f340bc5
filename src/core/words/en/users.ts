/** Accounts: their commands, answers, and what the admin API may answer. */
export const users = {
  'adminApi.refused': 'the connection was refused',
  'adminApi.unknownHost': 'the host name is unknown',
  'adminApi.tooLong': 'the answer was too long',
  'adminApi.tooSlow': 'no complete answer within {{limit}}',
  'adminApi.broken': 'the connection broke ({{detail}})',
  'adminApi.gateway': 'a proxy in front of it answered {{status}}',
  'adminApi.failed': 'an error inside the home server',
  'adminApi.notJson': 'no JSON, so probably not the home server',
  'adminApi.shape': 'JSON, but not in the expected form',

  'user.argument.name': 'Account: `alice` or `@alice:server`',
  'user.argument.new-name': 'Name of the new account: lower-case letters, digits and `._=-/+`',
  'user.argument.search': 'Part of an account name or display name',
  'user.argument.on-off':
    "`on` (asks first), or `off` (only root on the server's terminal can: `sudo urtc user admin NAME off`)",
  'user.argument.display-name': 'The name that others see',
  'user.flag.display-name': 'The name that others see; without it the account name',
  'user.flag.admin': 'Make it an admin of the home server (asks first; needs the role admin)',
  'user.flag.page': 'Which page to show',
  'user.flag.limit': 'How many accounts a page holds (1 to 500)',
  'user.flag.all': 'Deactivated accounts, too',
  'user.flag.keep-devices': 'Leave its devices logged in',
  'user.flag.erase': 'Also erase its profile, and hide its messages from whoever joins later',

  'user.name.grammar': 'an account name has lower-case letters, digits and `._=-/+` only',
  'user.name.long': 'it is too long: an account name has at most {{limit}} characters',
  'user.name.case': 'account names are lower case, so perhaps `{{suggestion}}`',
  'user.name.digits': 'names of digits only are kept for guests',
  'user.name.underscore': 'names that begin with `_` are kept for bridges',
  'user.display-name.empty': 'a display name needs at least one letter',
  'user.display-name.long': 'a display name has at most {{limit}} characters',
  'user.display-name.invisible': 'a display name has no line breaks or invisible characters',

  'user.field.account': 'Account',
  'user.field.name': 'Name',
  'user.field.display-name': 'Display name',
  'user.field.state': 'State',
  'user.field.admin': 'Server admin',
  'user.field.role': 'Role with the bot',
  'user.field.created': 'Created',
  'user.field.last-seen': 'Last seen',
  'user.field.total': 'Accounts in all',
  'user.field.page': 'Page',
  'user.field.pages': 'Pages',
  'user.state.active': 'active',
  'user.state.locked': 'locked',
  'user.state.deactivated': 'deactivated',
  'user.state.erased': 'deactivated and erased',

  'user.secret.code': 'One-time code',
  'user.secret.valid-until': 'Code valid until',
  'user.secret.password':
    'The password is not shown here. On the server, `sudo urtc secret show {{code}}` prints it once.',

  'user.add.summary': 'Make an account',
  'user.add.plan': 'The account {{account}} will be made, with a new password.',
  'user.add.plan-admin':
    'It will be an admin of the home server: it can read and change everything.',
  'user.add.done': '{{account}} was made.',
  'user.add.maybe':
    'The account {{account}} exists now, and it can’t be told whether this command made it. `!user show {{name}}` shows it; `!user password {{name}}` gives it a password.',

  'user.list.summary': 'List and search the accounts',
  'user.list.title': 'Accounts',
  'user.list.next': '`!{{command}}` shows the next page.',
  'user.list.unnameable':
    'Also on this page, with names in an old form that no command takes: {{names}}',

  'user.show.summary': 'Show one account',
  'user.show.title': 'Account {{account}}',

  'user.password.summary': 'Give an account a new password',
  'user.password.plan': '{{account}} gets a new password; all its devices are logged out.',
  'user.password.plan-keep': '{{account}} gets a new password; its devices stay logged in.',
  'user.password.done': '{{account}} has a new password; all its devices were logged out.',
  'user.password.done-keep': '{{account}} has a new password; its devices stay logged in.',

  'user.admin.summary': 'Make an account an admin of the home server, or take that away',
  'user.admin.plan-on':
    '{{account}} becomes an admin of the home server: it can read and change everything.',
  'user.admin.one-way':
    "Only root on the server's terminal can take this back: `sudo urtc {{line}}`.",
  'user.admin.plan-off': '{{account}} is no longer an admin of the home server.',
  'user.admin.done-on': '{{account}} is an admin of the home server.',
  'user.admin.done-off': '{{account}} is no admin of the home server.',

  'account.way.client': 'Your own client can do it. ',
  'account.way.root': '`sudo urtc {{command}}`.',
  'account.way.after-server-admin':
    'first `!user admin NAME on`, since this is the last admin of the home server, then `sudo urtc {{command}}`.',
  'account.way.after-role-admin':
    'first another person under `people` in the config file with `role: admin` and `!config reload`, since this is the last one, then `sudo urtc {{command}}`.',
  'account.way.after-both':
    'first `!user admin NAME on` and another person under `people` in the config file with `role: admin` and `!config reload`, since this is the last admin of both kinds, then `sudo urtc {{command}}`.',

  'user.lock.summary': 'Lock an account: it can do nothing until it is unlocked',
  'user.lock.plan': '{{account}} will be locked: its devices stay, but can do nothing.',
  'user.lock.done': '{{account}} is locked.',
  'user.unlock.summary': 'Unlock an account; its devices work again',
  'user.unlock.plan': '{{account}} will be unlocked; its devices work again.',
  'user.unlock.done': '{{account}} is not locked.',

  'user.deactivate.summary': 'Deactivate an account for good',
  'user.deactivate.plan':
    '{{account}} will be deactivated: it is logged out everywhere, leaves all its rooms, and loses its password, mail addresses, settings and key backup.',
  'user.deactivate.keeps':
    'Its messages and files stay. `!user reactivate {{name}}` gives the name back, but neither rooms nor keys.',
  'user.deactivate.erases':
    'It will also be erased: its profile goes, and whoever joins a room later no longer sees its messages. Its files stay, and what others have received stays with them.',
  'user.deactivate.done': '{{account}} is deactivated.',
  'user.deactivate.done-erased': '{{account}} is deactivated and erased.',
  'user.deactivate.erase-unknown':
    'The account {{account}} is deactivated, but its home server does not tell whether it was erased.',

  'user.reactivate.summary': 'Bring a deactivated account back, with a new password',
  'user.reactivate.plan':
    '{{account}} will be active again, with a new password. Its rooms, settings and keys do not come back.',
  'user.reactivate.done': '{{account}} is active again.',
  'user.reactivate.still-locked': 'It is still locked. `!user unlock {{name}}` unlocks it.',

  'user.rename.summary': 'Change the display name of an account',
  'user.rename.plan': '{{account}} will be shown as “{{name}}”.',
  'user.rename.done': '{{account}} is now shown as “{{name}}”.',
  'user.rename.id-stays': 'The id {{account}} itself can never change: Matrix has no way to do it.',

  E_USER_OTHER_SERVER: '{{account}} belongs to another home server; this one is {{server}}.',
  'E_USER_OTHER_SERVER.next': 'Only accounts of this home server can be managed here.',
  E_USER_DEACTIVATED_ALREADY:
    'The account {{account}} is deactivated already: nothing is left to do.',
  'E_USER_DEACTIVATED_ALREADY.next': '`!user show {{account}}` shows it.',
  E_USER_ACTIVE: 'The account {{account}} is not deactivated.',
  'E_USER_ACTIVE.next':
    '`!user password {{account}}` gives it a new password, `!user unlock {{account}}` unlocks it.',
  E_USER_PAGE_BEYOND: 'There is no page {{page}}; the last one is {{last}}.',
  'E_USER_PAGE_BEYOND.next': '`!{{command}}` shows the last page.',
  E_USER_PASSWORD_UNSURE:
    'The home server did not answer when {{account}} was to get a new password; it can’t be told whether it has it.',
  'E_USER_PASSWORD_UNSURE.next':
    '`!user password {{account}}` makes another one, which then holds.',
} as const;
