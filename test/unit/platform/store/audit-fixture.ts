import { z } from 'zod';
import { parseEventId, parseJobId } from '../../../../src/core/ids.ts';
import { canonicalJson, jsonObjectSchema } from '../../../../src/core/json.ts';
import { AuditChain } from '../../../../src/platform/store/audit-chain.ts';
import type { AuditDraft } from '../../../../src/platform/store/audit-entry.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { stateIn } from './new-state.ts';
import { testMasterKey } from './state-folder.ts';
import { tempFolder } from './temp-folder.ts';

/** A line for tests. */
export const draft: AuditDraft = {
  at: 1_700_000_000_000,
  actor: '@anna:example.org',
  event: parseEventId('$command'),
  job: parseJobId('j1'),
  line: 'user add alice',
  decision: 'allowed',
  result: 'ok',
  durationMs: 12,
};

/** A row of the table as it is. */
export interface Row {
  readonly sequence: number;
  readonly entry: string;
  readonly hash: Uint8Array;
}
const rowSchema: z.ZodType<Row> = z.object({
  sequence: z.int(),
  entry: z.string(),
  hash: z.instanceof(Uint8Array),
});

/** All rows, as they are. */
export function rowsOf(database: Database): Row[] {
  return database.all(rowSchema, 'SELECT sequence, entry, hash FROM audit ORDER BY sequence');
}

/** What somebody with the file can do: drop the triggers, then write whatever he likes. */
export function forge(database: Database, rows: readonly Row[]): void {
  for (const trigger of ['no_update', 'no_delete', 'in_order']) {
    database.script(`DROP TRIGGER IF EXISTS audit_${trigger}`);
  }
  database.transaction(() => {
    database.run('DELETE FROM audit');
    for (const row of rows) {
      database.run('INSERT INTO audit (sequence, entry, hash) VALUES (:sequence, :entry, :hash)', {
        ...row,
      });
    }
  });
}

/** A store with that many lines, `user add user1` … */
export function setUp(lines: number) {
  const folder = tempFolder();
  const database = stateIn(folder);
  const chain = new AuditChain(database, testMasterKey());
  for (let index = 1; index <= lines; index += 1) {
    chain.append({ ...draft, line: `user add user${index}` });
  }
  return { folder, database, chain };
}

/** The entry with one value changed, still an entry. */
export function changed(row: Row | undefined, change: object): string {
  return canonicalJson({
    ...jsonObjectSchema.parse(JSON.parse(row?.entry ?? '{}')),
    ...jsonObjectSchema.parse(change),
  });
}
