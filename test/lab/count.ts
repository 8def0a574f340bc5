const parts: Readonly<Record<string, number>> = { '1': 1, glance: 100 };

/**
 * How often a destructive test repeats. `URTC_SOAK=1`, as in `npm run soak`: the full count. A tenth
 * in `npm test`, and a hundredth (`URTC_SOAK=glance`) where `npm test` runs the same once more, on
 * the lowest supported Node: whether it works there at all is the question there, chance is not.
 * Prints the count, so that a report can quote it.
 */
export function soakCount(full: number, what: string): number {
  const count = Math.ceil(full / (parts[process.env['URTC_SOAK'] ?? ''] ?? 10));
  process.stdout.write(`${what}: ${count} of ${full}\n`);
  return count;
}
