import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * `minor`: young objects only, a millisecond or two. `major`: everything, and what was taken from the
 * system is given back; nothing else runs for some ten milliseconds. `thorough`: again until nothing
 * more is found, with what was compiled and is not used, and moved together; 50 to 80 ms.
 */
export type Collection = 'minor' | 'major' | 'thorough';

/** What V8's own collector takes (its gc extension, `--expose-gc`). */
interface Request {
  readonly type: 'minor' | 'major';
  readonly flavor?: 'last-resort';
}

const requests = {
  minor: { type: 'minor' },
  major: { type: 'major' },
  thorough: { type: 'major', flavor: 'last-resort' },
} as const satisfies Record<Collection, Request>;

let gc: ((how: Request) => void) | null = null;

/** V8's own collector; it is asked for once, before that it can't be called. */
function collector(): (how: Request) => void {
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
  collector()(requests[type]);
}
