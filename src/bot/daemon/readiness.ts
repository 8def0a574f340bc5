/** One long poll and its time limit: what is older has missed one, and the next at once. ms. */
const longestSyncAgeMs = 45_000;

/** A part of the bot that does not do its work. */
export interface NotReady {
  readonly part: 'sync' | 'admin-api' | 'audit';
  /** In a few words, for whoever operates the machine. */
  readonly reason: string;
}

/** What readiness is judged by. */
export interface ReadinessSources {
  /** How long ago the last good sync ended, ms; null: never yet. */
  syncAgeMs(): number | null;
  /** Whether the home server was asked if it accepts the admin credential, and what is in the way. */
  admin(): { readonly asked: boolean; readonly problem: string | null };
  /** Why the audit log is not to be trusted; null: nothing is known against it. */
  auditProblem(): string | null;
}

/**
 * Whether the bot can do its work: it hears what people say (from the last good sync, not from the
 * process being there), the home server obeys it, and what it did is on record.
 */
export class Readiness {
  readonly #sources: ReadinessSources;
  #waitingFor: string | null = null;

  constructor(sources: ReadinessSources) {
    this.#sources = sources;
  }

  /** What is waited for before the first sync. */
  waiting(reason: string): void {
    this.#waitingFor = reason;
  }

  /** Empty: ready. */
  problems(): readonly NotReady[] {
    const sync = this.#syncProblem();
    const admin = this.#sources.admin();
    const audit = this.#sources.auditProblem();
    const found: NotReady[] = [];
    if (sync !== null) found.push({ part: 'sync', reason: sync });
    if (admin.problem !== null) found.push({ part: 'admin-api', reason: admin.problem });
    // Before the first sync that goes without saying.
    else if (!admin.asked && sync === null) {
      found.push({ part: 'admin-api', reason: 'not asked yet' });
    }
    if (audit !== null) found.push({ part: 'audit', reason: audit });
    return found;
  }

  #syncProblem(): string | null {
    const age = this.#sources.syncAgeMs();
    if (age === null) return this.#waitingFor ?? 'no sync yet';
    return age < longestSyncAgeMs ? null : `the last good sync was ${Math.round(age / 1000)} s ago`;
  }
}
