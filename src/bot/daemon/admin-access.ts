import { AppError } from '../../core/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AdminApi } from '../../platform/synapse/admin-api.ts';

/** A check is a read of some bytes; what takes longer than this is told as a failure. ms. */
const patienceMs = 10_000;
/** A token ends without a word, so it is asked about now and then. ms. */
const fineEveryMs = 300_000;
/** Whoever mends it wants to see that it is mended. ms. */
const brokenEveryMs = 5000;

/**
 * Whether the admin credential opens the admin API: asked at the start and from time to time, and
 * heard from every request that it was refused to.
 */
export class AdminAccess {
  readonly #api: Pick<AdminApi, 'checkAccess'>;
  #problem: AppError | null | 'unasked' = 'unasked';

  constructor(api: Pick<AdminApi, 'checkAccess'>) {
    this.#api = api;
  }

  /** Null: it opens. `E_ADMIN_API_*`: what stands in the way. */
  get problem(): AppError | null | 'unasked' {
    return this.#problem;
  }

  /** A request was refused. */
  note(refusal: AppError): void {
    this.#problem = refusal;
  }

  /** Asks now. `limitMs`: how long the answer may take. Rejects with the signal's reason. */
  async check(limitMs: number, signal?: AbortSignal): Promise<AppError | null> {
    let found: AppError | null = null;
    try {
      await this.#api.checkAccess(limitMs, signal);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      found = error;
    }
    this.#problem = found;
    return found;
  }

  /** Goes on asking until the signal is aborted; `onChange` hears each time that the answer is another. */
  async watch(
    clock: Clock,
    onChange: (problem: AppError | null) => void,
    signal: AbortSignal,
  ): Promise<never> {
    let told: string | null = null;
    for (;;) {
      const problem = await this.check(patienceMs, signal);
      const code = problem?.code ?? null;
      if (code !== told) onChange(problem);
      told = code;
      await clock.sleep(problem === null ? fineEveryMs : brokenEveryMs, signal);
    }
  }
}
