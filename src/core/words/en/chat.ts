/** What the bot says in a room of its own accord. */
export const chat = {
  'chat.gap.cut':
    'A lot was said while I was away. I read the newest {{read}} events; what was sent between {{from}} and {{until}} I did not. If there was a command among it, send it again.',
  'chat.gap.earlier': 'the time before',
  'chat.gap.rewound':
    'The home server has gone back in time (was a backup restored?). I looked for what I had not read yet and found {{read}} events; nothing that ran before runs again.',
  'chat.unsendable': 'My answer to this could not be sent: {{reason}}.',
  'chat.readers':
    'These members of this room are not on the list of people, but they can read all that is written here: {{users}}.',
  'chat.readers.sealed':
    'These members of this room are not on the list of people, but they can read what people write here: {{users}}. What I write is not sealed for them.',
  'chat.readers.invited':
    'Only invited so far, they can read as soon as they have joined: {{users}}.',
  'chat.readers.next': 'Remove them, or add them under `people` in the config file.',
  'chat.followed': 'I followed the upgrade of the admin room; commands are read here from now on.',
  'chat.locked.no-key':
    "I can't read this: its key did not reach me. I will do what it says when the key comes; if it does not, send it again.",
  'chat.locked.withheld':
    "I can't read this: your client keeps its key from me. Send it again from a device that is verified.",
  'chat.locked.unknown-device':
    "I can't read this yet: I don't know the device that it came from. Verify that device in your client, then send it again.",
  'chat.in-clear':
    'Something was said in the name of {{user}} that is not encrypted, in this encrypted room. I ignored it: anybody on the home server could have written it.',
  'chat.rejected.unsigned-device':
    'I ignored a message of {{user}}: it came from a device that is not verified. Verify it in your client and send the message again. If you did not send any, somebody has logged in as you.',
  'chat.rejected.changed-identity':
    'I ignored a message of {{user}}: that account has a new cryptographic identity. If it was reset on purpose, root on the server allows it with `sudo urtc bot approve {{user}}`.',
  'chat.rejected.other-sender':
    "I ignored a message in the name of {{user}}: it was encrypted by somebody else. Have a look at who can get at the home server's database.",
  'chat.rejected.damaged': 'I ignored a message in the name of {{user}}: it is damaged or forged.',
  'chat.identity.new':
    '{{user}} has a new cryptographic identity. It counts for nothing here, and no question of {{user}} waits any more, until root on the server allows it with `sudo urtc bot approve {{user}}`. Was it not reset on purpose, somebody else claims to be {{user}}.',
  'chat.identity.approved':
    'The new identity of {{user}} was approved on the server; {{user}} has the role {{role}} again.',
  'chat.unreadable':
    "These people can't read what I write here, because they have no verified device or a new identity that nobody approved: {{users}}.",
  'chat.unreadable.next':
    'They set up cross-signing (“Secure backup”) in their client; a new identity is approved on the server with `sudo urtc bot approve USER`.',
  'chat.direct.no-commands': 'I take no commands here. Give them in the admin room, {{room}}.',
  'chat.direct.secret': 'Made by `{{line}}`, for you alone:',
  'chat.direct.coming':
    'I send it to you in our direct chat, too, to your verified devices only. As soon as it is there, the code opens nothing any more.',
  'chat.direct.coming-if-verified':
    'If you have a verified device, I send it to you in our direct chat, too. As soon as it is there, the code opens nothing any more.',
  'room.admin.name': 'Home server',
  'room.admin.topic': 'Commands for the home server. `!help` lists them.',
} as const;
