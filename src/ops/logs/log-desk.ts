import { AppError } from '../../core/errors.ts';
import type { Redaction } from '../redaction/redaction.ts';

/** So many logs are followed at a time: each holds a place among the reads that run. */
const mostFollowed = 3;

/** What reading logs shares over all commands. */
export class LogDesk {
  readonly redaction: Redaction;
  #followed = 0;

  constructor(redaction: Redaction) {
    this.redaction = redaction;
  }

  /** Call what is returned when it ended. Throws `E_LOGS_BUSY`. */
  follow(): () => void {
    if (this.#followed >= mostFollowed) throw new AppError('E_LOGS_BUSY', { most: mostFollowed });
    this.#followed += 1;
    let isOpen = true;
    return () => {
      if (isOpen) this.#followed -= 1;
      isOpen = false;
    };
  }
}
