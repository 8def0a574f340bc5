/** A line of releases that is supported as one, such as Kubernetes 1.36. */
export interface ReleaseLine {
  /** As many numbers as name it: `4`, `1.36`, `26.8`. */
  readonly line: string;
  /** Last day with fixes for security, `YYYY-MM-DD`; null: no day is announced. */
  readonly until: string | null;
}

/** A product that we speak to. */
export interface SupportedProduct {
  /** Its proper name, the same in every language. */
  readonly title: string;
  /** Oldest first; what is older than the first one is out of support. */
  readonly lines: readonly [ReleaseLine, ...ReleaseLine[]];
}

/**
 * What this version of urtc speaks to, and how long its makers support it. The one place of the
 * project for these numbers: `doctor` judges by them, and the lab runs what {@link tested} says.
 * Looked up on 2026-11-22; sources in docs/kubernetes.md, "Versions".
 */
export const supported = {
  chart: {
    title: 'ESS Community (matrix-stack)',
    // Its makers mend the newest one only; these are the ones whose objects we know.
    lines: [
      { line: '26.8', until: null },
      { line: '26.9', until: null },
      { line: '26.10', until: null },
      { line: '26.11', until: null },
    ],
  },
  kubernetes: {
    title: 'Kubernetes',
    // K3s follows these days: a line of it ends with the line of Kubernetes.
    lines: [
      { line: '1.33', until: '2026-06-28' },
      { line: '1.34', until: '2026-10-27' },
      { line: '1.35', until: '2027-02-28' },
      { line: '1.36', until: '2027-06-28' },
      { line: '1.37', until: '2027-10-28' },
    ],
  },
  certManager: {
    title: 'cert-manager',
    // A line ends on the day on which the next but one appears.
    lines: [
      { line: '1.18', until: '2026-03-10' },
      { line: '1.19', until: '2026-07-08' },
      { line: '1.20', until: null },
      { line: '1.21', until: null },
    ],
  },
  postgres: {
    title: 'PostgreSQL',
    lines: [
      { line: '13', until: '2025-11-13' },
      { line: '14', until: '2026-11-12' },
      { line: '15', until: '2027-11-11' },
      { line: '16', until: '2028-11-09' },
      { line: '17', until: '2029-11-08' },
      { line: '18', until: '2030-11-14' },
    ],
  },
  helm: {
    title: 'Helm',
    lines: [
      { line: '3', until: '2026-11-11' },
      { line: '4', until: null },
    ],
  },
} as const satisfies Record<string, SupportedProduct>;

/** Which lines of Kubernetes each line of cert-manager is made for, both ends included. */
export const certManagerFits: Readonly<Record<string, readonly [from: string, to: string]>> = {
  '1.20': ['1.32', '1.35'],
  '1.21': ['1.33', '1.36'],
};

/** The first version of the chart that does not make the weak signing key of CVE-2026-24044. */
export const firstWithStrongKey = '25.12.1';

/** What the tests of this project run against; test/lab reads it. */
export const tested = {
  kubernetes: '1.36.4',
  k3s: 'v1.36.4+k3s1',
  helm: '4.2.4',
  /** By the shape of the cache: Redis until 26.9.0, Valkey from 26.9.1 on. */
  chart: { redis: '26.8.2', valkey: '26.11.2' },
} as const;
