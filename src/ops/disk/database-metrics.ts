import type { Endpoints } from '../../platform/endpoints/endpoint.ts';

/** What the chart's PostgreSQL exporter tells. */
export interface DatabaseMetrics {
  readonly databases: readonly { readonly name: string; readonly bytes: number }[];
  /** Connections that are open; null: not told. */
  readonly used: number | null;
  /** And how many there can be. */
  readonly most: number | null;
}

const line = /^(\w+)(?:\{([^}]*)\})?\s+([0-9.eE+-]+)/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;
/** Databases of PostgreSQL's own. */
const own = new Set(['postgres', 'template0', 'template1']);

/** Reads the text format of Prometheus as far as the database's sizes and connections go. */
export function parseDatabaseMetrics(text: string): DatabaseMetrics {
  const databases: { name: string; bytes: number }[] = [];
  let used: number | null = null;
  let most: number | null = null;
  for (const each of text.split('\n')) {
    const [, metric, labels = '', digits = ''] = line.exec(each) ?? [];
    const value = Number(digits);
    if (metric === undefined || !Number.isFinite(value)) continue;
    if (metric === 'pg_stat_activity_count') used = (used ?? 0) + value;
    else if (metric === 'pg_settings_max_connections') most = value;
    else if (metric === 'pg_database_size_bytes') {
      const name = [...labels.matchAll(label)].find(([, key]) => key === 'datname')?.[2];
      if (name !== undefined && !own.has(name)) databases.push({ name, bytes: value });
    }
  }
  return { databases, used, most };
}

/** Asks the exporter. Throws what `Endpoints.ask` throws. */
export async function databaseMetrics(
  endpoints: Endpoints,
  signal: AbortSignal,
): Promise<DatabaseMetrics | null> {
  if (!endpoints.has('postgres-metrics')) return null;
  const request = { path: '/metrics', timeoutMs: 5000, signal };
  const { status, text } = await endpoints.ask('postgres-metrics', request);
  return status === 200 ? parseDatabaseMetrics(text) : null;
}
