/** Words that several areas share. */
export const common = {
  'outcome.ok': 'Done',
  'outcome.warning': 'Attention',
  'outcome.refused': 'Refused',
  'outcome.failed': 'Failed',
  'outcome.unknown': 'Unknown',
  'outcome.cancelled': 'Cancelled',
  'common.yes': 'yes',
  'common.no': 'no',
  'common.none': 'none',
  'role.viewer': 'viewer',
  'role.operator': 'operator',
  'role.admin': 'admin',
  'role.owner': 'owner',
} as const;
