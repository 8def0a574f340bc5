/** The bot's identity in encrypted rooms, that of people, recovery and verification. */
export const identity = {
  'bot.identity.summary':
    'Shows who the bot is in encrypted rooms: device, fingerprint, key backup',
  'bot.people.summary': 'Shows whose identity the bot knows',
  'bot.approve.summary': "Accepts a person's new identity (asks first)",
  'bot.verify.summary': 'Compares emoji with a person who verifies the bot (asks first)',
  'bot.recovery-key.summary': "Shows the recovery key of the bot's identity, once",
  'bot.recovery-key.replace.summary':
    "Replaces the recovery key of the bot's identity (asks first)",
  'bot.recovery-key.replace.none': 'No recovery key was made on this server.',
  'bot.recovery-key.replace.unseen': 'Nobody has seen the present recovery key yet.',
  'bot.recovery-key.replace.shown': 'The present recovery key was shown {{at}}.',
  'bot.recovery-key.replace.plan':
    'A new one takes its place: the secrets of the account are encrypted anew, a new key backup begins, and the present key opens nothing any more. Identity and device stay.',
  'bot.recovery-key.replace.done': 'There is a new recovery key; the old one opens nothing.',
  'bot.recovery-key.replace.next': '`sudo urtc bot recovery-key` shows it once.',
  'bot.user': 'User',
  'bot.device': 'Device',
  'bot.fingerprint': 'Fingerprint of the device',
  'bot.signed': 'Signed by its identity',
  'bot.identity-key': 'Identity key',
  'bot.backup': 'Key backup',
  'bot.backup.version': 'version {{version}}',
  'bot.backup.none': 'none',
  'bot.backup.foreign': "version {{version}} is somebody else's; nothing is backed up",
  'bot.backed-up': 'Keys backed up',
  'bot.backed-up.of': '{{backedUp}} of {{total}}',
  'bot.recovery-key': 'Recovery key',
  'bot.recovery-key.none': 'was not made on this server',
  'bot.recovery-key.unready': 'is being set up',
  'bot.recovery-key.waiting': 'waits since {{since}}: `sudo urtc bot recovery-key` shows it once',
  'bot.recovery-key.shown': 'was shown {{at}}',
  'bot.unknown-now': 'not known before the bot has reached the home server',
  'bot.no-keys':
    'This bot has no keys here yet: it makes them when it first reaches the home server. One that had its identity on another server gets it back with `sudo urtc bot recover`.',
  'bot.keys-lost':
    'The keys of the bot on this server (`device.sqlite`) are gone or damaged, so it refuses to start. Log it in again for a new device, put that token into the file that `bot.accessToken` names, then run `sudo urtc bot recover` with the recovery key.',
  'bot.people.none': 'The bot has not met anybody in an encrypted room yet.',
  'bot.people.user': 'User',
  'bot.people.key': 'Identity key',
  'bot.people.since': 'Known since',
  'bot.people.claimed': 'New one that waits',
  'bot.people.next':
    'A new identity means that the person has reset it, or that somebody else claims to be that person. Ask the person, compare the key, then `sudo urtc bot approve USER`.',
  'bot.argument.user': 'The person: `alice` or `@alice:server`',
  'bot.approve.plan':
    'From now on {{user}} is whoever has the new identity. Until now commands from it were refused.',
  'bot.approve.old': 'Known until now',
  'bot.approve.new': 'New',
  'bot.approve.when': 'Seen first',
  'bot.approve.done': '{{user}} has the new identity from now on.',
  'bot.recovery-key.label': 'Recovery key',
  'bot.recovery-key.keep':
    "Keep it apart from this server, on paper or in a password manager. With it a new server gets the bot's identity back (`sudo urtc bot recover`). It was shown this once and is not here any more.",
  'bot.recovery-key.notice':
    'I have made my identity for encrypted rooms. Its recovery key waits on the server: run `sudo urtc bot recovery-key` there, it is shown once. Whoever loses both server and key loses the identity.',
  'bot.verify.waiting':
    'Waiting for one of these people to begin: {{people}}. In Element: open the chat with {{bot}}, click the name of {{bot}}, choose “Verify”, then “Start verification” and “Verify by emoji”.',
  'bot.verify.preview':
    'The bot would wait until one of these people begins to verify {{bot}} in a client: {{people}}. Then it would show the emoji here and ask whether they are the same.',
  'bot.verify.begun': '{{user}} has begun; waiting until that client is ready for the emoji …',
  'bot.verify.other-side': 'Waiting for {{user}} to say in the client that they are the same …',
  'bot.verify.with': 'User',
  'bot.verify.device': 'Device of the other side',
  'bot.verify.emoji': 'Emoji',
  'bot.verify.name': 'Name',
  'bot.verify.plan':
    "Does the person's client show these seven emoji, in this order? Compare them over a way that nobody else can change: side by side, or on the phone. Say yes only if all are the same.",
  'bot.verify.done': 'Verified: {{user}} and the bot have the same keys.',
  'bot.recover.ask': 'Recovery key (nothing is shown while you type):',
  'bot.recover.opening': 'Opening the secrets of {{user}} …',
  'bot.recover.identity': 'The identity is here and has signed device {{device}}.',
  'bot.recover.keys': 'Restored {{imported}} of {{total}} keys …',
  'bot.recover.done': 'Device {{device}} has the identity of {{user}} again.',
  'bot.recover.done-keys': 'Room keys from the backup',
  'bot.recover.keys-there': '{{there}} of {{total}}, {{fresh}} of them new here',
  'bot.recover.set-aside':
    'The keys of the device before are in {{file}} now. Nothing reads them any more; delete it when the bot runs again.',
  'bot.recover.old-device':
    'The device before, {{device}}, is still on the account. Log it out: with the old token (`POST /_matrix/client/v3/logout`), or as an admin with `DELETE /_synapse/admin/v2/users/{{user}}/devices/{{device}}`.',
  'bot.recover.no-backup':
    'There was no key backup, so what was said before can not be read again.',
  'bot.recover.damaged': 'Keys that could not be read',
  'bot.recover.next': 'Start the bot: `sudo systemctl start urtc-bot`.',
  'bot.recover.reason.backup': 'the key of the backup is another one',
  'bot.recover.reason.secret': '{{name}} is missing or damaged',
  'bot.recover.reason.identity': 'the keys are not those that the account shows',
  'bot.recover.reason.no-identity': 'the account shows no identity',
  E_RECOVERY_KEY_INVALID:
    'That is no recovery key: a character is missing, too many, or another one.',
  'E_RECOVERY_KEY_INVALID.next':
    'Type it as it was shown: 48 letters and digits that begin with `Es`. Upper and lower case matter.',
  E_RECOVERY_KEY_ON_LINE:
    '`{{command}}` takes nothing on the command line: others on this server can read there what you type, and the shell remembers it.',
  'E_RECOVERY_KEY_ON_LINE.next':
    'Run `sudo urtc bot recover` alone and type the recovery key at its prompt. Was it on the line, take it out of the history of the shell.',
  E_RECOVERY_KEY_WRONG: 'That recovery key is well formed, but not the one of this account.',
  'E_RECOVERY_KEY_WRONG.next':
    'Look for the key that `sudo urtc bot recovery-key` showed for this bot.',
  E_RECOVERY_KEY_UNREADY: 'There is no recovery key to show yet.',
  'E_RECOVERY_KEY_UNREADY.next':
    'Start the bot and wait until it has reached the home server; `urtc bot identity` tells.',
  E_RECOVERY_KEY_SHOWN: 'The recovery key was shown before and is not on this server any more.',
  'E_RECOVERY_KEY_SHOWN.next':
    'Look where you keep such keys. If it is lost, `sudo urtc bot replace-recovery-key` makes another.',
  E_RECOVERY_NONE:
    'The account keeps no secrets at the home server, so there is nothing to recover.',
  'E_RECOVERY_NONE.next':
    'Check that the token in the config is that of the right account. A bot that never ran encrypted needs no recovery: start it.',
  E_RECOVERY_MISMATCH:
    "The secrets that the key opens are not those of the account's identity: {{reason}}.",
  'E_RECOVERY_MISMATCH.next':
    'The identity was reset since the key was made. Use the newer key, or reset the identity of the account in a client and start the bot with a new device.',
  E_PERSON_UNPINNED: 'The bot knows no identity of {{user}}.',
  'E_PERSON_UNPINNED.next': '`urtc bot people` lists whom it knows.',
  E_PERSON_UNCHANGED: '{{user}} shows no new identity; there is nothing to approve.',
  'E_PERSON_UNCHANGED.next': '`urtc bot people` shows the present ones.',
  E_BOT_NOT_RUNNING: '`{{command}}` needs a bot that runs and has reached the home server.',
  'E_BOT_NOT_RUNNING.next': 'Start it (`sudo systemctl start urtc-bot`), then try again.',
  E_VERIFY_NOBODY: 'Nobody has asked the bot to verify within {{limit}}.',
  'E_VERIFY_NOBODY.next':
    "Open the bot's profile in your client, choose “Verify”, then “Start verification”, and run this again.",
  E_VERIFY_CANCELLED: 'The verification ended without a result: {{reason}}.',
  'E_VERIFY_CANCELLED.next':
    'Start it again from your client. If the emoji were not the same, somebody may stand between you and the bot.',
} as const;
