import { z } from 'zod';
import { AppError } from '../../core/errors.ts';

/** One step of a file's schema. `version` is unique and never changes once released. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** What a file has to offer to be migrated; `Database` has it. */
export interface Migratable {
  readonly file: string;
  script(sql: string): void;
  run(sql: string, parameters: { readonly version: number; readonly name: string }): number;
  all<Row>(schema: z.ZodType<Row>, sql: string): Row[];
  transaction(work: () => void): void;
}

const versionRow = z.object({ version: z.int() });

/**
 * Brings a file's schema up to date: all missing steps or none, in one transaction, since a new file
 * would wait for the disk once for each of its steps. Which steps a file has is kept by version in its table `migrations`, not as one number: parts of the house number their
 * steps in ranges of their own, and a step of a lower range may come later.
 * Throws `E_STORE_NEWER` where the file has a step that is not listed.
 */
export function applyMigrations(database: Migratable, migrations: readonly Migration[]): void {
  const ordered = [...migrations].sort((a, b) => a.version - b.version);
  const known = new Set(ordered.map((each) => each.version));
  if (known.size !== ordered.length) throw new Error('two migrations have the same version');
  database.script(
    'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT',
  );
  const applied = new Set(
    database.all(versionRow, 'SELECT version FROM migrations').map((row) => row.version),
  );
  const found = [...applied].filter((version) => !known.has(version)).sort((a, b) => b - a)[0];
  if (found !== undefined) {
    throw new AppError('E_STORE_NEWER', {
      file: database.file,
      found,
      known: ordered.at(-1)?.version ?? 0,
    });
  }
  const missing = ordered.filter((each) => !applied.has(each.version));
  if (missing.length === 0) return;
  database.transaction(() => {
    for (const { version, name, sql } of missing) {
      database.script(sql);
      database.run('INSERT INTO migrations (version, name) VALUES (:version, :name)', {
        version,
        name,
      });
    }
  });
}
