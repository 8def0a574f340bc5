import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../../../src/platform/store/database.ts';
import { openState } from '../../../../src/platform/store/state.ts';

let empty: Buffer | null = null;

/** The bytes of an empty state of the newest schema: made once, by the real steps. */
function emptyState(): Buffer {
  if (empty !== null) return empty;
  const folder = mkdtempSync(join(tmpdir(), 'urtc-empty-state-'));
  try {
    openState(folder).close();
    empty = readFileSync(join(folder, 'state.sqlite'));
    return empty;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Opens the product's file in `folder` as `openState` does; one that is not there yet begins as a copy.
 * A thousand tests begin with an empty one, and making its tables took longer than most of them.
 */
export function stateIn(folder: string): Database {
  const file = join(folder, 'state.sqlite');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, emptyState(), { mode: 0o600 });
  }
  return openState(folder);
}
