/**
 * How often a destructive test repeats: the full count in `npm run soak`, a tenth in `npm test`.
 * Prints the count, so that a report can quote it.
 */
export function soakCount(full: number, what: string): number {
  const count = process.env['URTC_SOAK'] === '1' ? full : Math.ceil(full / 10);
  process.stdout.write(`${what}: ${count} of ${full}\n`);
  return count;
}
