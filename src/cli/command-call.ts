import type { Language } from '../core/words/index.ts';
import type { Environment } from '../platform/config/secrets.ts';

/** A command of the terminal. */
export interface CommandCall {
  readonly words: readonly string[];
  readonly configFile: string;
  /** Null: the language of the config. */
  readonly language: Language | null;
  readonly yes: boolean;
  readonly environment: Environment;
}
