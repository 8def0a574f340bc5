import type { AuditAnchors, AuditTrail } from '../../commands/capabilities.ts';
import { verdictText } from '../../commands/nouns/audit.ts';
import type { Language } from '../../core/words/index.ts';
import { translate } from '../../core/words/translate.ts';
import type { AuditChain } from '../../platform/store/audit-chain.ts';
import type { AuditAnchor, AuditVerdict } from '../../platform/store/audit-entry.ts';

/** An audit log that is not what was written. */
export type AuditFault = Exclude<AuditVerdict, { state: 'intact' }>;

/**
 * The audit log as commands see it, which remembers what a comparison found wrong with it: an anchor
 * that can't be read the next time is no proof that all is well again.
 */
export class WatchedAudit implements AuditTrail {
  readonly anchors: AuditAnchors | null;
  readonly #chain: AuditChain;
  #fault: AuditFault | null = null;

  /** `anchors` null: nobody here reaches the room that they are in. */
  constructor(chain: AuditChain, anchors: AuditAnchors | null) {
    this.#chain = chain;
    this.anchors = anchors && {
      read: () => anchors.read(),
      replace: async () => {
        await anchors.replace();
        this.#fault = null;
      },
    };
  }

  /** What a comparison has found wrong since the start; null: nothing, or it was accepted. */
  get fault(): AuditFault | null {
    return this.#fault;
  }

  /** The fault in words; null: none. */
  problem(language: Language): string | null {
    return this.#fault === null ? null : translate(verdictText(this.#fault), language);
  }

  /** Compares the log with these anchors. */
  async compare(anchors: readonly AuditAnchor[]): Promise<AuditVerdict> {
    const verdict = await this.#chain.verify(anchors);
    if (verdict.state !== 'intact') this.#fault = verdict;
    return verdict;
  }

  list(query: Parameters<AuditTrail['list']>[0]): ReturnType<AuditTrail['list']> {
    return this.#chain.list(query);
  }

  async verify(): Promise<AuditVerdict> {
    return this.compare((await this.anchors?.read()) ?? []);
  }

  verifyFile(): Promise<AuditVerdict> {
    return this.compare([]);
  }
}
