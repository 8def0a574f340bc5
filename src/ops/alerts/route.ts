import { severityAt, type Severity } from './severity.ts';

/** Says which alerts go to which room. All that is given must fit. */
export interface Route {
  /** Name of the room. */
  readonly to: string;
  /** One of these. */
  readonly receivers?: readonly string[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  /** Every one of these, with this value. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** What a route looks at. */
export interface Routed {
  /** The worse, the higher. */
  readonly severity: number;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Place of the first route that takes any of these alerts of one group; null: none does, they go to
 * the admin room. A group has one message, so the whole of it goes where its first one does.
 */
export function routeOf(
  routes: readonly Route[],
  receiver: string,
  alerts: readonly Routed[],
): number | null {
  const at = routes.findIndex((route) => alerts.some((alert) => takes(route, receiver, alert)));
  return at === -1 ? null : at;
}

function takes(
  { receivers, severities, labels = {} }: Route,
  receiver: string,
  alert: Routed,
): boolean {
  if (receivers !== undefined && !receivers.includes(receiver)) return false;
  if (severities !== undefined && !severities.includes(severityAt(alert.severity))) return false;
  return Object.entries(labels).every(([name, value]) => alert.labels[name] === value);
}
