import type { Log } from '../../../core/log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { describeFailure, MatrixFailure } from '../../client/failure.ts';
import type { KeyBackup } from './key-backup.ts';

/** What {@link BackgroundBackup} needs. */
export interface BackgroundBackupParts {
  readonly backup: Pick<KeyBackup, 'backUpKeys'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keys come in bunches, and nobody waits for their copies; ms. */
const gatherMs = 5000;

/** Brings new room keys into the backup beside everything else, never in its way. */
export class BackgroundBackup {
  readonly #parts: BackgroundBackupParts;
  readonly #stop = new AbortController();
  #isDue = false;
  #running: Promise<void> = Promise.resolve();
  #isRunning = false;

  constructor(parts: BackgroundBackupParts) {
    this.#parts = parts;
  }

  /** There may be a key that is not in the backup. */
  note(): void {
    this.#isDue = true;
    if (this.#isRunning || this.#stop.signal.aborted) return;
    this.#isRunning = true;
    this.#running = this.#run().finally(() => (this.#isRunning = false));
  }

  /** Ends it; what is under way is let finish. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { backup, clock, log } = this.#parts;
    const { signal } = this.#stop;
    while (this.#isDue) {
      this.#isDue = false;
      try {
        await clock.sleep(gatherMs, signal);
      } catch (reason) {
        if (signal.aborted) return;
        throw reason;
      }
      try {
        await backup.backUpKeys();
      } catch (error) {
        const failure = error instanceof MatrixFailure ? describeFailure(error.failure) : null;
        // The next key, or the next start, is the next try.
        if (failure === null) log.error({ err: error }, 'room keys could not be backed up');
        else log.warn({ failure }, 'room keys could not be backed up yet');
      }
    }
  }
}
