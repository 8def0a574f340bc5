import type { Clock } from '../../platform/clock.ts';

/**
 * Remembers what asking gave for `keepMs`. Who asks while it is being asked waits for that answer;
 * a failure is not remembered.
 */
export function remembered<Value>(
  clock: Clock,
  keepMs: number,
  ask: () => Promise<Value>,
): () => Promise<Value> {
  let known: { readonly value: Value; readonly until: number } | null = null;
  let asking: Promise<Value> | null = null;
  return () => {
    if (known !== null && clock.monotonic() < known.until) return Promise.resolve(known.value);
    asking ??= ask()
      .then((value) => {
        known = { value, until: clock.monotonic() + keepMs };
        return value;
      })
      .finally(() => {
        asking = null;
      });
    return asking;
  };
}
