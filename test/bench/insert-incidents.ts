import { DatabaseSync } from 'node:sqlite';

/**
 * Lets a **stopped** bot know so many incidents more, over by now but not for long: some hundred in
 * each group.
 *
 * @param file The bot's `state.sqlite`.
 */
export const insertIncidents = (file: string, count: number): void => {
  const database = new DatabaseSync(file);
  try {
    const group = database.prepare(
      `INSERT INTO alert_groups (id, receiver, group_key, labels, external_url)
       VALUES (?, 'urtc', ?, '{}', '')`,
    );
    const incident = database.prepare(
      `INSERT INTO alert_incidents (group_id, fingerprint, starts_at, state, ended_by, ends_at,
         opened_at, changed_at, told_at, severity, name, labels, annotations, generator_url)
       VALUES (:group, :fingerprint, :at, 'resolved', 'resolved', :at, :at, :at, :at, 2, 'Past',
         :labels, :annotations, '')`,
    );
    const annotations = JSON.stringify({ summary: 'something was not as it should be' });
    const now = Date.now();
    const perGroup = 100;
    database.exec('BEGIN IMMEDIATE');
    for (let nth = 0; nth < count; nth += 1) {
      const inGroup = `gpast${Math.floor(nth / perGroup)}`;
      if (nth % perGroup === 0) group.run(inGroup, `{}:{alertname="${inGroup}"}`);
      incident.run({
        ...{ group: inGroup, annotations, at: now - (count - nth) * 500 },
        fingerprint: `a${nth.toString(16).padStart(15, '0')}`,
        labels: JSON.stringify({ alertname: 'Past', instance: `node-${nth}`, severity: 'warning' }),
      });
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
};
