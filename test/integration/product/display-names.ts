import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Lab } from '../../lab/lab.ts';
import { insertAccounts } from '../../lab/synapse/accounts.ts';

/** Puts accounts with these display names into the home server, as {@link insertAccounts} does. */
export function insertNamed(lab: Lab, names: ReadonlyMap<string, string>): void {
  insertAccounts(lab.synapse.folder, [...names.keys()]);
  const database = new DatabaseSync(join(lab.synapse.folder, 'homeserver.db'), { timeout: 10_000 });
  try {
    const rename = database.prepare('UPDATE profiles SET displayname = ? WHERE user_id = ?');
    database.exec('BEGIN IMMEDIATE');
    for (const [localpart, name] of names) rename.run(name, localpart);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
