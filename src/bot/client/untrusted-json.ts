const poisonous: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses JSON from outside. Keys by which an object's prototype could be reached are dropped
 * wherever they stand (prototype pollution; Draupnir's `jsonReviver` does the same).
 * Throws `SyntaxError`.
 */
export function parseUntrustedJson(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => (poisonous.has(key) ? undefined : value));
}
