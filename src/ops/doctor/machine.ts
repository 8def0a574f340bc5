import type { AppError } from '../../core/errors.ts';
import type { OwnFile } from '../../platform/config/own-files.ts';

/** What this machine shows of ourselves. */
export interface Machine {
  ownFiles(): readonly OwnFile[];
  /** Version of Helm on this machine; null: there is none. Throws the signal's reason. */
  helmVersion(signal: AbortSignal): Promise<string | null>;
}

/** What is known of the bot and of its home server. */
export interface OwnState {
  /** ms since the epoch; null: no bot runs. */
  readonly startedAt: number | null;
  /** The keys of its device are gone: it refuses to start. */
  readonly keysLost: boolean;
  readonly homeserver: {
    readonly url: string;
    readonly reachable: boolean;
    /** What keeps us from its admin API; null: nothing. */
    readonly adminProblem: AppError | null;
  };
}
