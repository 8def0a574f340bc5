const poisonous: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Nothing that is read of an answer lies deeper. What is nested by the thousand (16 kB are enough)
 * would overflow the stack of whoever walks through it, and come again with every sync.
 */
const deepest = 64;

type Branch = Record<string, unknown> | unknown[];

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null;
}

/** Without recursion, for the same reason. */
function clean(root: Branch): void {
  let level: Branch[] = [root];
  for (let depth = 1; level.length > 0; depth += 1) {
    const next: Branch[] = [];
    for (const branch of level) {
      for (const [key, value] of Object.entries(branch)) {
        if (poisonous.has(key)) Reflect.deleteProperty(branch, key);
        else if (!isBranch(value)) continue;
        else if (depth < deepest) next.push(value);
        else Reflect.set(branch, key, null);
      }
    }
    level = next;
  }
}

/**
 * Parses JSON from outside. Keys by which an object's prototype could be reached are dropped
 * wherever they stand (prototype pollution; Draupnir's `jsonReviver` does the same), and what lies
 * deeper than anything that is read becomes null. Throws `SyntaxError`.
 */
export function parseUntrustedJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isBranch(value)) clean(value);
  return value;
}
