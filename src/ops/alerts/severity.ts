/** How bad it is, worst first. */
export const severities = ['critical', 'warning', 'info', 'none'] as const;
/** One of {@link severities}. */
export type Severity = (typeof severities)[number];

const names: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  crit: 'critical',
  error: 'critical',
  page: 'critical',
  fatal: 'critical',
  emergency: 'critical',
  warning: 'warning',
  warn: 'warning',
  info: 'info',
  information: 'info',
  notice: 'info',
};

/** By the label `severity`, as rules usually write it. */
export function severityOf(labels: Readonly<Record<string, string>>): Severity {
  const told = labels['severity']?.trim().toLowerCase() ?? '';
  return Object.hasOwn(names, told) ? (names[told] ?? 'none') : 'none';
}

/** Whether a sender's word for it is one that is known, such as those of {@link severities}. */
export function isSeverity(text: string): boolean {
  const told = text.trim().toLowerCase();
  return told === 'none' || Object.hasOwn(names, told);
}

/** As a number for sorting: the worse, the higher. */
export function rankOf(severity: Severity): number {
  return severities.length - 1 - severities.indexOf(severity);
}

/** The other way round; out of range: `none`. */
export function severityAt(rank: number): Severity {
  return severities[severities.length - 1 - rank] ?? 'none';
}

/** {@link rankOf} of the worst. */
export const criticalRank = rankOf('critical');

/** Whether it is of the worst kind: told at any time, and people are called. */
export function isCritical({ severity }: { readonly severity: number }): boolean {
  return severity >= criticalRank;
}
