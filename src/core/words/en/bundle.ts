/** The support bundle. */
export const bundle = {
  'bundle.summary': 'Collect all that somebody needs who is to help into one file, without secrets',
  'bundle.to':
    '`room`: as an encrypted file here; `server`: into the data folder. Without it: the room where it is encrypted, else the server',
  'bundle.since':
    'Of the logs only what is newer than this, e.g. `2h`; without it the last 3000 lines of each',
  'bundle.progress': '{{part}} ({{nth}} of {{of}})',
  'bundle.part.report': 'answer of `{{command}}`',
  'bundle.part.bot': 'settings and log of the bot',
  'bundle.part.objects': 'objects of the cluster',
  'bundle.part.logs': 'logs of the components',
  'bundle.done_one': 'The bundle is made: {{count}} file, nothing is missing.',
  'bundle.done_other': 'The bundle is made: {{count}} files, nothing is missing.',
  'bundle.partial_one': 'The bundle is made; {{count}} thing is not in it.',
  'bundle.partial_other': 'The bundle is made; {{count}} things are not in it.',
  'bundle.instead.plain':
    'It lies on the server and is not sent here: this room is not encrypted, so whoever can read the media of the home server could read it.',
  'bundle.instead.terminal': 'It lies on the server: a terminal is no room.',
  'bundle.path': 'File',
  'bundle.bytes': 'Size',
  'bundle.sha256': 'SHA-256',
  'bundle.files': 'Files in it',
  'bundle.masked': 'Secrets taken out',
  'bundle.no-cluster': 'The config names no cluster, so it tells only of the bot.',
  'bundle.column.what': 'Not in it',
  'bundle.column.why': 'Why',
  'bundle.more_one': '{{count}} more stands in its `manifest.json`.',
  'bundle.more_other': '{{count}} more stand in its `manifest.json`.',
  'bundle.private':
    'Names of people, addresses and what programs logged are in it: give it only to somebody whom you trust. Look through it first: a secret that does not look like one was not recognised.',
  'bundle.kept':
    'Only root and the bot can read it. The newest {{count}} are kept, each for {{days}} days.',
  'bundle.why.slow': 'It took longer than {{limit}}.',
  'bundle.why.full': 'The bundle would have become too large ({{size}} unpacked).',
  'bundle.why.long': 'It is too large by itself ({{size}}).',
  'bundle.why.many': 'A bundle has at most {{most}} files.',
  'bundle.why.logs_one': '{{count}} more log: too many.',
  'bundle.why.logs_other': '{{count}} more logs: too many.',
  'bundle.why.no-bot':
    'No bot runs in this process. If systemd starts it: `journalctl --unit=urtc`.',
  'bundle.why.unknown': 'Nothing is known of the cluster yet.',
  'bundle.why.defect': 'It failed; `!error {{id}}` shows how.',
  'bundle.note.log_one': 'only the last {{count}} line; there are more',
  'bundle.note.log_other': 'only the last {{count}} lines; there are more',
  'bundle.note.objects_one': '{{count}} more object left out: too large',
  'bundle.note.objects_other': '{{count}} more objects left out: too large',
  'bundle.note.known': 'as the bot last knew it, at {{at}}',
  'bundle.no-space': 'no space left on the disk',
  E_BUNDLE_BUSY: 'A bundle is being made already.',
  'E_BUNDLE_BUSY.next': 'Wait for it; `!jobs` shows how far it is.',
  E_BUNDLE_NO_ROOM:
    'Only {{free}} are left on the disk of the data folder: too little for a bundle.',
  'E_BUNDLE_NO_ROOM.next':
    'Make room, or ask for it in an encrypted room: `!bundle --to=room` writes no file.',
  E_BUNDLE_UNWRITABLE: 'The bundle can not be written into {{path}}: {{reason}}.',
  'E_BUNDLE_UNWRITABLE.next': 'The folder has to belong to the user that the bot runs as.',
} as const;
