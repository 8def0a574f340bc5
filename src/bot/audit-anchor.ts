import { z } from 'zod';
import { verdictNode } from '../commands/nouns/audit.ts';
import type { RoomId, UserId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { ReportNode } from '../core/report.ts';
import { say } from '../core/text.ts';
import type { Language } from '../core/words/index.ts';
import type { AuditAnchor, AuditVerdict } from '../platform/store/audit-entry.ts';
import type { Clock } from '../platform/clock.ts';
import type { SqliteOutbox } from '../platform/store/outbox-store.ts';
import { describeFailure, failureOf, MatrixFailure } from './client/failure.ts';
import type { MatrixApi } from './client/matrix-api.ts';
import { announce } from './message-content.ts';

/**
 * State event in which the length and the head of the audit chain are kept outside its file. Its
 * state key is the bot's own user id: such an event nobody else can set, whatever his power level
 * (Matrix spec, room version 1, authorisation rules: a state key that starts with `@`).
 */
export const anchorEventType = 'io.urtc.audit_anchor';

const anchorContent = z.object({ count: z.int().nonnegative(), hash: z.string() });

/** What anchoring needs. */
export interface AnchorParts {
  readonly outbox: SqliteOutbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly self: UserId;
  readonly language: () => Language;
  readonly api: Pick<MatrixApi, 'stateEvent' | 'putState'>;
  /** The chain's head as it is in the store now. */
  readonly head: () => AuditAnchor;
  /** Compares the chain with anchors. */
  readonly verify: (anchors: readonly AuditAnchor[]) => Promise<AuditVerdict>;
  /** Null: there is no admin room yet. */
  readonly room: () => RoomId | null;
}

/** Anchors are events that count against the rate limit: not more often than this, ms. */
const everyMs = 60_000;
/** Or earlier, when so many entries came. */
const everyEntries = 50;
const lane = 'audit anchor';

/**
 * Writes the head of the audit chain into the admin room, now and then: a cut tail of the file can't
 * be seen in the file. Nothing is anchored before the chain was compared with what is anchored
 * already, and nothing at all where it does not hold that: a restart must not wipe the proof.
 */
export class AnchorWriter {
  readonly #parts: AnchorParts;
  #written: { readonly count: number; readonly at: number } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #checked: Promise<void> = Promise.resolve();
  #state: 'unchecked' | 'checking' | 'open' | 'closed' = 'unchecked';

  constructor(parts: AnchorParts) {
    this.#parts = parts;
    // An older copy of the file may hold an older head that waits to be sent.
    parts.outbox.dropLane(lane, parts.clock.now());
  }

  /**
   * The chain has grown: call after each append (best in its transaction: then anchor and entry are
   * kept or lost together), and once at start. Cheap.
   */
  note(): void {
    const { clock, head } = this.#parts;
    if (this.#state === 'unchecked') this.#checked = this.#check();
    if (this.#state !== 'open') return;
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

  /**
   * Puts the head into the outbox now, unless it is there. With the priority of an answer the end of
   * the process waits for it.
   */
  write(priority: 'background' | 'answer' = 'background'): void {
    const { outbox, clock, room, log } = this.#parts;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#state !== 'open') return;
    const head = this.#parts.head();
    const admin = room();
    if (admin === null || head.count === 0 || head.count === this.#written?.count) return;
    try {
      outbox.add(
        {
          room: admin,
          lane,
          priority,
          mergeKey: lane,
          body: {
            kind: 'state',
            eventType: anchorEventType,
            stateKey: this.#parts.self,
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
    const found = await Promise.all(rooms.map((room) => this.#read(room)));
    return found.filter((each) => each !== null && each !== 'removed');
  }

  /**
   * Anchors the log as it is in each of these rooms that has an anchor, whatever that said, and goes
   * on from there: for a log that was restored, or begun anew, by somebody who may say so. The rooms'
   * history keeps what was anchored. Throws `MatrixFailure`; done twice it does no harm.
   */
  async replace(rooms: readonly RoomId[]): Promise<void> {
    const { api, self, clock, outbox } = this.#parts;
    // What it read before must not be judged after.
    await this.#checked;
    // One on its way would be taken back by what is written here, or take it back.
    outbox.dropLane(lane, clock.now());
    const head = this.#parts.head();
    const content = { count: head.count, hash: head.hash };
    for (const room of rooms) {
      if ((await this.#read(room)) === null) continue;
      await api.putState(room, anchorEventType, self, content);
    }
    this.#state = 'open';
    this.#written = { count: head.count, at: clock.monotonic() };
    const admin = this.#parts.room();
    if (admin === null) return;
    const text = say('audit.anchor-replaced', { entries: head.count });
    this.#tell(admin, [{ type: 'outcome', outcome: 'warning', text }]);
  }

  async #read(room: RoomId): Promise<AuditAnchor | 'removed' | null> {
    const { api, self } = this.#parts;
    const event = await api.stateEvent(room, anchorEventType, self);
    if (event?.sender !== self) return null;
    const parsed = anchorContent.safeParse(event.content);
    // Nobody but us can write it, but who may remove messages can empty it.
    return parsed.success ? parsed.data : 'removed';
  }

  async #check(): Promise<void> {
    const { room, verify, log } = this.#parts;
    const admin = room();
    if (admin === null) return;
    this.#state = 'checking';
    try {
      const found = await this.#read(admin);
      const anchors = found === null || found === 'removed' ? [] : [found];
      const verdict = await verify(anchors);
      this.#state = verdict.state === 'intact' ? 'open' : 'closed';
      if (verdict.state !== 'intact') {
        log.error({ verdict, anchors }, 'the audit log is not the one that was anchored');
        this.#tell(admin, [
          verdictNode(verdict),
          { type: 'hint', text: say('audit.broken.next') },
          { type: 'hint', text: say('audit.anchor-kept') },
        ]);
      } else if (found === 'removed') {
        log.warn({ room: admin }, 'somebody removed the anchor of the audit log');
        const text = say('audit.anchor-removed', { entries: verdict.entries });
        this.#tell(admin, [{ type: 'outcome', outcome: 'warning', text }]);
      }
      this.note();
    } catch (error) {
      this.#state = 'unchecked';
      const failure = error instanceof MatrixFailure ? describeFailure(failureOf(error)) : error;
      log.warn({ err: failure }, 'the audit log could not be compared with its anchor yet');
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.note();
      }, everyMs).unref();
    }
  }

  #tell(room: RoomId, nodes: readonly ReportNode[]): void {
    const { outbox, clock, language } = this.#parts;
    const rows = announce({ room, nodes, language: language() });
    for (const row of rows) outbox.add(row, clock.now());
  }
}
