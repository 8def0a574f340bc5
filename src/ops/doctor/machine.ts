import type { OwnFile } from '../../platform/config/own-files.ts';

/** What this machine shows of ourselves. */
export interface Machine {
  ownFiles(): readonly OwnFile[];
  /** Version of Helm on this machine; null: there is none. Throws the signal's reason. */
  helmVersion(signal: AbortSignal): Promise<string | null>;
}
