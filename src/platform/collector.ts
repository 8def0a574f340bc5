import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * `minor`: young objects only, a millisecond or two. `major`: everything, and what was taken from the
 * system is given back; nothing else runs for some ten milliseconds.
 */
export type Collection = 'minor' | 'major';

let gc: ((how: { readonly type: Collection }) => void) | null = null;

/** V8's own collector; it is asked for once, before that it can't be called. */
function collector(): (how: { readonly type: Collection }) => void {
  if (gc !== null) return gc;
  setFlagsFromString('--expose-gc');
  const own: unknown = runInNewContext('gc');
  gc = (how) => {
    if (typeof own === 'function') Reflect.apply(own, undefined, [how]);
  };
  return gc;
}

/** Has V8 collect garbage now, where it would let the process grow before it looks. */
export function collectGarbage(type: Collection): void {
  collector()({ type });
}
