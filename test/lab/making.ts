import type { Progress } from './cache.ts';

/** Things that are made one after the other, where they are not there yet. */
export interface Making {
  /** For whoever makes one of them: who says nothing has found it made. */
  readonly progress: Progress;
  /** Says that `what` is made, and how long that took altogether; nothing, where nothing was to do. */
  readonly done: (what: string) => void;
}

/** Begins. `now` in ms, from any point on. */
export const startMaking = (
  progress: Progress,
  now: () => number = () => performance.now(),
): Making => {
  const startedAt = now();
  let lines = 0;
  return {
    progress: (text) => {
      lines += 1;
      progress(text);
    },
    done: (what) => {
      if (lines === 0) return;
      const seconds = Math.round((now() - startedAt) / 1000);
      progress(`${what}, in ${Math.floor(seconds / 60)} min ${seconds % 60} s altogether`);
    },
  };
};
