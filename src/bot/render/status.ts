import type { Outcome } from '../../core/report.ts';
import type { Text } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { MatrixMessage } from './matrix.ts';

/** What the status message says. */
export interface StatusLine {
  readonly job: { readonly id: string; readonly line: string };
  /** ms since the epoch: since when it works. */
  readonly since: number;
  /** What it is doing now; null: nothing to tell yet. */
  readonly doing: Text | null;
  /** Null while it works; then how it ended (the answer itself is another message). */
  readonly outcome: Outcome | null;
}

/** The status message, always short (its data is shortened visibly). */
export function renderStatus(status: StatusLine, language: Language): MatrixMessage {
  throw new Error(`not written yet ${status.job.id} ${language}`);
}
