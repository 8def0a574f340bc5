/**
 * Waits for a turn. `join` gets what to call when the turn has come and returns how to leave the
 * line. Rejects with the signal's reason when it is aborted before the turn.
 */
export function lineUp(
  signal: AbortSignal,
  join: (enter: () => void) => () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const enter = (): void => {
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const leave = join(enter);
    function stop(): void {
      leave();
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}
