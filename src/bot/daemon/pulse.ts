import type { Clock } from '../../platform/clock.ts';
import type { ServiceNotifier } from '../../platform/systemd/notify.ts';
import type { MatrixApi } from '../client/matrix-api.ts';

/**
 * Longest time between two signs of life of a loop that turns: a long poll with its time limit, then
 * the longest back-off. ms.
 */
const longestSilenceMs = 100_000;

/**
 * Whether the loop that talks to the home server still turns, be it in vain. A home server that is
 * down is no reason to restart the bot; a loop that hangs is.
 */
export class Pulse {
  readonly #clock: Clock;
  #lastBeat: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastBeat = clock.monotonic();
  }

  beat(): void {
    this.#lastBeat = this.#clock.monotonic();
  }

  get isAlive(): boolean {
    return this.#clock.monotonic() - this.#lastBeat < longestSilenceMs;
  }

  /** The same API; the calls that the loop makes are signs of life. */
  listenTo(api: MatrixApi): MatrixApi {
    const heard = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      this.beat();
      try {
        return await call();
      } finally {
        this.beat();
      }
    };
    return {
      ...api,
      whoami: () => heard(() => api.whoami()),
      joinedRooms: () => heard(() => api.joinedRooms()),
      sync: (query, signal) => heard(() => api.sync(query, signal)),
      history: (...query) => heard(() => api.history(...query)),
    };
  }

  /** Tells systemd as long as there is life; returns how to stop. */
  drive(notifier: ServiceNotifier): () => void {
    if (notifier.watchdogMs === null) return () => undefined;
    const timer = setInterval(() => {
      if (this.isAlive) notifier.alive();
    }, notifier.watchdogMs / 3);
    return () => clearInterval(timer);
  }
}
