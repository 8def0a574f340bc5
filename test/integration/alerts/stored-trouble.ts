import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const row = z.object({
  phase: z.enum(['calm', 'open', 'over']),
  note: z.string(),
  handed: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.string(), z.int())),
  told_at: z.int().nullable(),
});

/** What a bot has written down of the trouble with Matrix. */
export interface WrittenTrouble {
  readonly phase: 'calm' | 'open' | 'over';
  /** The message that is to be told; empty: none. */
  readonly note: string;
  /** How often it was handed to a channel without a refusal. */
  readonly handed: number;
  readonly toldAt: number | null;
}

/** Reads it beside a bot that runs, or after one that was killed. */
export const matrixTrouble = (stateFile: string): WrittenTrouble => {
  const database = new DatabaseSync(stateFile, { timeout: 5000 });
  try {
    const found = database
      .prepare("SELECT phase, note, handed, told_at FROM notify_troubles WHERE subject = 'matrix'")
      .get();
    if (found === undefined) return { phase: 'calm', note: '', handed: 0, toldAt: null };
    const { phase, note, handed, told_at: toldAt } = row.parse(found);
    const sum = Object.values(handed).reduce((all, count) => all + count, 0);
    return { phase, note, handed: sum, toldAt };
  } finally {
    database.close();
  }
};
