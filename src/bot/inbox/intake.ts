import type { EventId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Ledger, PendingInput } from '../../platform/store/ledger.ts';
import { Backoff } from '../sync/backoff.ts';
import { Signal } from '../signal.ts';

/** What the intake is made of. */
export interface IntakeParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Handles one input durably and marks it as handled in the ledger. A rejection leaves the input
   * where it is: it is tried again.
   */
  readonly handle: (input: PendingInput) => Promise<void>;
}

const atOnce = 50;
/** Then the ones behind it go first; it is tried again after a restart. */
const triesPerLife = 5;

/** Hands pending inputs on, one after the other in the order in which they were read. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #more = new Signal();
  readonly #tries = new Map<EventId, number>();
  readonly #givenUp = new Set<EventId>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Something new is pending. */
  wake(): void {
    this.#more.notify();
  }

  /** Runs until aborted; begins with what an earlier process left. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff();
    while (!signal.aborted) {
      const input = this.#next();
      if (input === null) {
        await this.#more.wait(signal);
        continue;
      }
      if (await this.#handled(input)) {
        backoff.reset();
        continue;
      }
      await this.#parts.clock.sleep(backoff.next(), signal).catch((reason: unknown) => {
        if (!signal.aborted) throw reason;
      });
    }
  }

  #next(): PendingInput | null {
    const rows = this.#parts.ledger.pending(atOnce + this.#givenUp.size);
    return rows.find((input) => !this.#givenUp.has(input.eventId)) ?? null;
  }

  async #handled(input: PendingInput): Promise<boolean> {
    const { handle, ledger, log } = this.#parts;
    const { eventId } = input;
    try {
      await handle(input);
      if (!ledger.pending(atOnce + this.#givenUp.size).some((row) => row.eventId === eventId)) {
        this.#tries.delete(eventId);
        return true;
      }
      throw new Error('the input was handled and is pending still');
    } catch (error) {
      const tries = (this.#tries.get(eventId) ?? 0) + 1;
      this.#tries.set(eventId, tries);
      log.error({ err: error, event: eventId, tries }, 'an input could not be handled');
      if (tries >= triesPerLife) this.#givenUp.add(eventId);
      return false;
    }
  }
}
