import type { AuditDraft, AuditEntry } from '../../platform/store/audit-entry.ts';
import type { AuditChain } from '../../platform/store/audit-chain.ts';
import type { AnchorWriter } from '../audit-anchor.ts';

/**
 * The audit log whose head is anchored in the admin room. The anchor hears of a line only after its
 * transaction: one that is rolled back must not be anchored.
 */
export class AnchoredAudit {
  readonly #chain: AuditChain;
  readonly #anchor: Pick<AnchorWriter, 'note' | 'write'>;
  #isDue = false;

  constructor(chain: AuditChain, anchor: Pick<AnchorWriter, 'note' | 'write'>) {
    this.#chain = chain;
    this.#anchor = anchor;
  }

  /** See `AuditChain.append`. */
  append(draft: AuditDraft): AuditEntry {
    const entry = this.#chain.append(draft);
    if (!this.#isDue) {
      this.#isDue = true;
      // Transactions are synchronous, so by then this one has ended.
      setImmediate(() => this.note());
    }
    return entry;
  }

  /** Tells the anchor that there may be more; also at start, for what was written without us. */
  note(): void {
    this.#isDue = false;
    this.#anchor.note();
  }

  /** Anchors now; for the end of the process. */
  finish(): void {
    this.#anchor.write('answer');
  }
}
