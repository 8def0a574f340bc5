import { z } from 'zod';
import type { RoomId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { AuditAnchor } from '../platform/store/audit-entry.ts';
import type { Clock } from '../platform/clock.ts';
import type { Outbox } from '../platform/store/outbox.ts';
import type { MatrixApi } from './client/matrix-api.ts';

/** State event in which the length and the head of the audit chain are kept outside its file. */
export const anchorEventType = 'io.urtc.audit_anchor';

const anchorContent = z.object({ count: z.int().nonnegative(), hash: z.string() });

/** What anchoring needs. */
export interface AnchorParts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly api: Pick<MatrixApi, 'stateEvent' | 'whoami'>;
  /** The chain's head as it is in the store now. */
  readonly head: () => AuditAnchor;
  /** Null: there is no admin room yet. */
  readonly room: () => RoomId | null;
}

/** Anchors are events that count against the rate limit: not more often than this, ms. */
const everyMs = 60_000;
/** Or earlier, when so many entries came. */
const everyEntries = 50;

/**
 * Writes the head of the audit chain into the admin room, now and then: a cut tail of the file can't
 * be seen in the file. Only the bot may write this state (power level 100).
 */
export class AnchorWriter {
  readonly #parts: AnchorParts;
  #written: { readonly count: number; readonly at: number } | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: AnchorParts) {
    this.#parts = parts;
  }

  /**
   * The chain has grown: call after each append (best in its transaction: then anchor and entry are
   * kept or lost together), and once at start. Cheap.
   */
  note(): void {
    const { clock, head } = this.#parts;
    const count = head().count;
    const waitMs = this.#written === null ? 0 : this.#written.at + everyMs - clock.monotonic();
    const isMuch = this.#written !== null && count - this.#written.count >= everyEntries;
    if (waitMs <= 0 || isMuch) {
      this.write();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.write();
    }, waitMs).unref();
  }

  /** Puts the head into the outbox now, unless it is there; for the end of the process. */
  write(): void {
    const { outbox, clock, room, log } = this.#parts;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const head = this.#parts.head();
    const admin = room();
    if (admin === null || head.count === 0 || head.count === this.#written?.count) return;
    try {
      outbox.add(
        {
          room: admin,
          lane: 'audit anchor',
          priority: 'background',
          mergeKey: 'audit anchor',
          body: {
            kind: 'state',
            eventType: anchorEventType,
            stateKey: '',
            content: { count: head.count, hash: head.hash },
          },
        },
        clock.now(),
      );
    } catch (error) {
      // A full disk has been told already; the next entry brings the next anchor.
      log.error({ err: error }, 'the head of the audit log could not be anchored');
      return;
    }
    this.#written = { count: head.count, at: clock.monotonic() };
  }

  /**
   * The anchors of these rooms that the bot itself wrote, to compare the file with.
   * Throws `MatrixFailure`.
   */
  async readAnchors(rooms: readonly RoomId[]): Promise<readonly AuditAnchor[]> {
    const { api } = this.#parts;
    const { userId } = await api.whoami();
    const anchors: AuditAnchor[] = [];
    for (const room of rooms) {
      const event = await api.stateEvent(room, anchorEventType, '');
      const parsed = anchorContent.safeParse(event?.content);
      if (event?.sender === userId && parsed.success) anchors.push(parsed.data);
    }
    return anchors;
  }
}
