/** What the bot says of its own accord about the cluster. */
export const feed = {
  'feed.open': 'since {{at}}',
  'feed.next': '`!doctor` says what to do.',
  'feed.healed': 'Healed after {{span}}.',
  'feed.many_one': '{{count}} trouble in release {{release}}',
  'feed.many_other': '{{count}} troubles in release {{release}}',
  'feed.line.healed': 'Healed: {{said}}',
  'feed.all-healed': 'All of it has healed.',
  'feed.returned_one': 'It came back {{count}} time.',
  'feed.returned_other': 'It came back {{count}} times.',
  'feed.disk': 'The disk under the volumes is nearly full: {{free}} are free.',
  'feed.disk-days_one':
    'The disk under the volumes will be full in about {{count}} day: {{free}} are free.',
  'feed.disk-days_other':
    'The disk under the volumes will be full in about {{count}} days: {{free}} are free.',
} as const;
