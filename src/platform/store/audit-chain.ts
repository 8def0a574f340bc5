import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/json.ts';
import {
  type AuditAnchor,
  type AuditDraft,
  type AuditEntry,
  auditEntrySchema,
  type AuditVerdict,
} from './audit-entry.ts';
import type { Database } from './database.ts';
import { authenticate, type MasterKey, type PurposeKey } from './master-key.ts';

/** Stands for the hash before the first line. */
const genesis = Buffer.alloc(32);

const headRow = z.object({ sequence: z.int(), hash: z.instanceof(Uint8Array) });
const entryRow = z.object({ entry: z.string() });
const chainRow = headRow.extend(entryRow.shape);
type ChainRow = z.infer<typeof chainRow>;

/** Lines read at once while the chain is checked: about 10 ms, so that the bot goes on answering. */
const pageSize = 1000;

/** Which lines to list. */
export interface AuditQuery {
  readonly limit: number;
  readonly actor?: string;
  /** Words of a command, e.g. `user add`. */
  readonly command?: string;
}

function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}

/** Tells whether any anchor of this count has another hash. */
function anchorCheck(
  anchors: readonly AuditAnchor[],
): (count: number, hash: Uint8Array) => boolean {
  const byCount = new Map<number, Set<string>>();
  for (const { count, hash } of anchors) {
    byCount.set(count, (byCount.get(count) ?? new Set()).add(hash));
  }
  return (count, hash) => {
    const anchored = byCount.get(count);
    return anchored !== undefined && (anchored.size > 1 || !anchored.has(hex(hash)));
  };
}

function claimedSequence(entry: string): number | null {
  try {
    return auditEntrySchema.parse(JSON.parse(entry)).sequence;
  } catch {
    // Not one of our entries at all: the hash can't fit either, and that is what will be said.
    return null;
  }
}

/**
 * The append-only audit log. Each line holds its entry as canonical JSON and HMAC-SHA-256 over the
 * hash of the line before and that JSON, so that a line can't be changed, dropped or moved by
 * whoever has the file but not the master key. What a chain can't show by itself, a cut tail or an
 * older copy of the whole file, is found by anchors that are kept elsewhere (issue 3).
 */
export class AuditChain {
  readonly #database: Database;
  readonly #key: PurposeKey;

  constructor(database: Database, masterKey: MasterKey) {
    this.#database = database;
    this.#key = masterKey.derive('audit');
  }

  #last(): { readonly sequence: number; readonly hash: Uint8Array } {
    return (
      this.#database.get(
        headRow,
        'SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1',
      ) ?? { sequence: 0, hash: genesis }
    );
  }

  /**
   * Adds a line, as part of the caller's transaction. Throws `E_AUDIT_UNWRITABLE` (its cause says
   * why): then what it tells must not be done.
   */
  append(draft: AuditDraft): AuditEntry {
    try {
      return this.#database.transaction(() => {
        const last = this.#last();
        const entry: AuditEntry = { ...draft, sequence: last.sequence + 1 };
        const text = canonicalJson({ ...entry });
        this.#database.run(
          'INSERT INTO audit (sequence, entry, hash) VALUES (:sequence, :text, :hash)',
          {
            sequence: entry.sequence,
            text,
            hash: authenticate(this.#key, last.hash, text),
          },
        );
        return entry;
      });
    } catch (error) {
      throw new AppError('E_AUDIT_UNWRITABLE', {}, error);
    }
  }

  /** Newest first. */
  list(query: AuditQuery): readonly AuditEntry[] {
    const { limit, actor = null, command = null } = query;
    return this.#database
      .all(
        entryRow,
        `SELECT entry FROM audit
         WHERE ${actor === null ? ':actor IS NULL' : `json_extract(entry, '$.actor') = :actor`}
           AND (:command IS NULL
             OR ltrim(json_extract(entry, '$.line'), '!') || ' ' LIKE :pattern ESCAPE '\\')
         ORDER BY sequence DESC LIMIT :limit`,
        {
          limit,
          actor,
          command,
          pattern: `${(command ?? '').replace(/[\\%_]/g, '\\$&')} %`,
        },
      )
      .map((row) => auditEntrySchema.parse(JSON.parse(row.entry)));
  }

  /** What to anchor outside the file. */
  head(): AuditAnchor {
    const { sequence, hash } = this.#last();
    return { count: sequence, hash: hex(hash) };
  }

  /** Recomputes the whole chain and compares it with the anchors. */
  async verify(anchors: readonly AuditAnchor[]): Promise<AuditVerdict> {
    const differs = anchorCheck(anchors);
    let sequence = 0;
    let hash: Uint8Array = genesis;
    if (differs(sequence, hash)) return { state: 'broken', sequence, why: 'hash' };
    for (;;) {
      const page = this.#page(sequence);
      for (const row of page) {
        const why = this.#flaw(row, sequence + 1, hash);
        if (why !== null) return { state: 'broken', sequence: sequence + 1, why };
        ({ sequence, hash } = row);
        if (differs(sequence, hash)) return { state: 'broken', sequence, why: 'hash' };
      }
      if (page.length < pageSize) break;
      await nextTurn();
    }
    const anchored = anchors.reduce((most, { count }) => Math.max(most, count), 0);
    if (anchored > sequence) return { state: 'cut', entries: sequence, anchored };
    return {
      state: 'intact',
      entries: sequence,
      anchoredUpTo: anchors.length === 0 ? null : anchored,
    };
  }

  #page(after: number): ChainRow[] {
    return this.#database.all(
      chainRow,
      'SELECT sequence, entry, hash FROM audit WHERE sequence > :after ORDER BY sequence LIMIT :pageSize',
      { after, pageSize },
    );
  }

  #flaw(row: ChainRow, sequence: number, previous: Uint8Array): 'hash' | 'order' | 'gap' | null {
    if (row.sequence !== sequence) return 'gap';
    const hash = authenticate(this.#key, previous, row.entry);
    if (hash.equals(row.hash)) return null;
    const claimed = claimedSequence(row.entry);
    return claimed === null || claimed === sequence ? 'hash' : 'order';
  }
}
