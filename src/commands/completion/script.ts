import { bashCompletion } from './bash.ts';
import type { Candidates } from './candidates.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

/** Shells that there is a completion script for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
/** One of {@link shells}. */
export type Shell = (typeof shells)[number];

/** The script to be read by that shell. Static: the shell never calls the program to complete. */
export function completionScript(shell: Shell, candidates: Candidates): string {
  switch (shell) {
    case 'bash':
      return bashCompletion(candidates);
    case 'zsh':
      return zshCompletion(candidates);
    case 'fish':
      return fishCompletion(candidates);
  }
}
