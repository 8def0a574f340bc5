/**
 * Test files that take more than a minute each beside the others, with the seconds (two cores, warm).
 * Whatever of them started late would run alone at the end, beside a core that waits. What vitest
 * noted itself about the last run is not enough: a fresh machine has no notes, and whoever ran one
 * test of a file left a note that the whole file is short.
 */
export const longFiles: Readonly<Record<string, number>> = {
  'test/integration/kubernetes/act.test.ts': 183,
  'test/integration/demo.test.ts': 145,
  'test/integration/alerts/03-17-out-of-band.test.ts': 124,
  'test/integration/alerts/06-again.test.ts': 109,
  'test/integration/failure/25-secrets.test.ts': 100,
  'test/integration/daemon/end.test.ts': 98,
  'test/integration/alerts/01-storm.test.ts': 90,
  'test/integration/failure/18-rate-limit.test.ts': 89,
  'test/integration/kubernetes/port-watch.test.ts': 89,
  'test/integration/failure/01-replay.test.ts': 82,
  'test/integration/alerts/commands.test.ts': 81,
  'test/integration/encryption/recover-command.test.ts': 79,
  'test/integration/failure/13-rooms.test.ts': 79,
  'test/integration/failure/16-confirmation.test.ts': 76,
  'test/integration/encryption/restored-home-server.test.ts': 74,
  'test/integration/kubernetes/rbac-commands.test.ts': 68,
  'test/integration/encryption/soak-kills.test.ts': 67,
  'test/integration/product/language-and-threads.test.ts': 67,
  'test/integration/bench.test.ts': 66,
  'test/integration/bot/faults.test.ts': 65,
  'test/integration/encryption/verification.test.ts': 64,
  'test/integration/failure/40-audit-tampering.test.ts': 63,
};

/** What of a test file decides when it starts. */
export interface Candidate {
  /** Of the vitest project. */
  readonly project: string;
  /** Relative to the repository. */
  readonly file: string;
}

/**
 * Sorts test files: the few that run in plain rooms first, since a worker of one project cannot take
 * over a file of another and a change costs a load of Element's SDK; then the long ones, longest
 * first. The others stay in the order in which they come.
 */
export function longestFirst<T>(files: readonly T[], describe: (file: T) => Candidate): T[] {
  const weight = (each: T): number => {
    const { project, file } = describe(each);
    return project === 'plain' ? Infinity : (longFiles[file] ?? 0);
  };
  // Two that run in plain rooms are equally heavy: Infinity less itself is no number.
  return files.toSorted((a, b) => (weight(a) === weight(b) ? 0 : weight(b) - weight(a)));
}
