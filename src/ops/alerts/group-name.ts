import type { StoredGroup, StoredIncident } from '../../platform/store/alert-row.ts';

/** What people call a group: the alert's name, or the labels that it is grouped by. */
export function groupName({ labels, receiver }: Pick<StoredGroup, 'labels' | 'receiver'>): string {
  const { alertname, ...others } = labels;
  const rest = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  const detail = rest.join(', ');
  if (alertname === undefined) return detail === '' ? receiver : detail;
  return detail === '' ? alertname : `${alertname} (${detail})`;
}

/** Labels that every alert has, or that are told apart from the others. */
const told = new Set(['alertname', 'severity']);

/** What people call an alert within its group: its name and the labels that tell it from the others. */
export function alertName(
  { name, labels }: Pick<StoredIncident, 'name' | 'labels'>,
  group: Pick<StoredGroup, 'labels'>,
): string {
  const own = Object.entries(labels)
    .filter(([label, value]) => !told.has(label) && group.labels[label] !== value)
    .map(([label, value]) => `${label}=${value}`);
  return own.length === 0 ? name : `${name} (${own.join(', ')})`;
}
