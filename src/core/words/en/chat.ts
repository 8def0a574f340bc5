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
  'chat.readers.next': 'Remove them, or add them under `people` in the config file.',
  'chat.followed': 'I followed the upgrade of the admin room; commands are read here from now on.',
  'room.admin.name': 'Home server',
  'room.admin.topic': 'Commands for the home server. `!help` lists them.',
} as const;
