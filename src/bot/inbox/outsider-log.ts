import type { UserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';

/** Logs at most so often; whoever is silenced is counted and named with the next line. */
const everyMs = 60_000;

/**
 * A log line that outsiders can cause, at most one a minute: nobody shall fill the disk from a room
 * or by invitations.
 */
export class OutsiderLog {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #message: string;
  #lastAt: number | null = null;
  #suppressed = 0;

  constructor(clock: Clock, log: Log, message: string) {
    this.#clock = clock;
    this.#log = log;
    this.#message = message;
  }

  note(sender: UserId | string, fields: object = {}): void {
    const now = this.#clock.monotonic();
    if (this.#lastAt !== null && now - this.#lastAt < everyMs) {
      this.#suppressed += 1;
      return;
    }
    this.#log.warn({ sender, suppressed: this.#suppressed, ...fields }, this.#message);
    this.#lastAt = now;
    this.#suppressed = 0;
  }
}
