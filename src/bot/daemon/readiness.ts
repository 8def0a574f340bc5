/** One long poll and its time limit: what is older has missed one, and the next at once. ms. */
const longestSyncAgeMs = 45_000;

/** Whether the bot hears what people say: from the last good sync, not from the process being there. */
export class Readiness {
  readonly #syncAgeMs: () => number | null;
  #waitingFor: string | null = null;

  /** `syncAgeMs`: how long ago the last good sync ended; null: never yet. */
  constructor(syncAgeMs: () => number | null) {
    this.#syncAgeMs = syncAgeMs;
  }

  /** What is waited for before the first sync. */
  waiting(reason: string): void {
    this.#waitingFor = reason;
  }

  /** Null: ready. */
  problem(): string | null {
    const age = this.#syncAgeMs();
    if (age === null) return this.#waitingFor ?? 'no sync yet';
    return age < longestSyncAgeMs ? null : `the last good sync was ${Math.round(age / 1000)} s ago`;
  }
}
