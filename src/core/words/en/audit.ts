/** The audit log and the error log. */
export const audit = {
  'audit.summary': 'Shows who did what, or verifies the log',
  'audit.action': '`verify` checks that nothing was changed or cut off',
  'audit.limit': 'How many lines',
  'audit.person': 'Only what this person did: `anna` or `@anna:server`',
  'audit.command': 'Only this command',
  'audit.unknown-command': 'There is no command `{{command}}`. {{suggestion}}',
  'audit.unknown-person': '{{person}} is not on the list of people. {{suggestion}}',
  'audit.column.sequence': 'No.',
  'audit.column.at': 'When',
  'audit.column.actor': 'Who',
  'audit.column.line': 'Command',
  'audit.column.decision': 'Decision',
  'audit.column.result': 'Result',
  'audit.column.duration': 'Took',
  'audit.column.job': 'Job',
  'audit.decision.allowed': 'allowed',
  'audit.decision.refused': 'refused',
  'audit.decision.confirmed': 'confirmed',
  'audit.decision.cancelled': 'cancelled',
  'audit.decision.finished': 'finished',
  'audit.intact': 'All {{entries}} lines are as they were written.',
  'audit.intact-anchored':
    'All {{entries}} lines are as they were written. Up to line {{anchored}} the admin room vouches for it, too: a line missing there would be noticed, whoever changed the file.',
  'audit.not-anchored':
    'No anchor outside the file could be read, so a cut tail would not be seen.',
  'audit.broken.hash': 'Line {{sequence}} was changed.',
  'audit.broken.order': 'Line {{sequence}} is not in its place.',
  'audit.broken.gap': 'Line {{sequence}} is missing.',
  'audit.cut':
    'The end was cut off: there are {{entries}} lines, and there were at least {{anchored}}.',
  'audit.broken.next':
    'Somebody or something changed the file: keep a copy of it and look at your backups. Did you yourself restore or recover this server? `sudo urtc bot accept-audit` goes on from here.',
  'audit.anchor-kept':
    'I keep the old anchor in this room and write no new one, so `!audit verify` goes on finding this.',
  'audit.anchor-replaced':
    'Somebody on the server accepted the audit log as it is: from now on this room vouches for its {{entries}} lines. What it vouched for before stays in its history, and who it was in `!audit`.',
  'audit.accept.summary': 'Goes on from the audit log as it is, after a restore or a recovery',
  'audit.accept.plan':
    'The anchor in the room stops vouching for the log that was lost and vouches for this one. Do this only if you know why they differ: lines that somebody removed can then no longer be noticed.',
  'audit.accept.done': 'The audit log as it is now is anchored in the room.',
  'audit.anchor-removed':
    'Somebody removed the anchor of the audit log from this room. Whether lines are missing at the end of its {{entries}} can no longer be told; I anchor it anew.',
  'error.summary': 'Shows the details of a failure',
  'error.id': 'The error id from the answer',
  'error.field.id': 'Error',
  'error.field.at': 'When',
  'error.field.command': 'Command',
} as const;
