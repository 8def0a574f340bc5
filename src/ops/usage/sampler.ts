import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { rest, type Clock } from '../../platform/clock.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { AdminApi } from '../../platform/synapse/admin-api.ts';
import { diskSeries } from '../disk/disk.ts';
import { mediaBytes } from '../disk/media-size.ts';
import { databaseMetrics } from '../disk/database-metrics.ts';
import type { Gauges } from '../gauges/gauges.ts';
import { readUsage, usageSeries } from './usage.ts';

/** What the sampler is made of. */
export interface SamplerParts {
  readonly kubernetes: Kubernetes;
  readonly gauges: Gauges;
  readonly adminApi: Pick<AdminApi, 'ask'>;
  readonly clock: Clock;
  readonly log: Log;
}

const minute = 60_000;
const day = 24 * 60 * minute;
/** What is drawn is kept so long, and what is foretold. */
const keepUsageMs = 2 * day;
const keepSizesMs = 30 * day;
/** Sizes are measured every so many minutes: asking for the media adds them up over all accounts. */
const sizesEvery = 10;

/**
 * Measures once a minute until the signal is aborted, and keeps it in the store: use of the node and
 * the components, and more rarely the disk, the databases and the media. What can't be measured is
 * left out; it never throws.
 */
export async function runSampler(parts: SamplerParts, signal: AbortSignal): Promise<void> {
  const { clock } = parts;
  for (let round = 0; !signal.aborted; round += 1) {
    await measure(parts, 'usage', keepUsageMs, () => measureUsage(parts, signal), signal);
    if (round % sizesEvery === 0) {
      await measure(parts, 'sizes', keepSizesMs, () => measureSizes(parts, signal), signal);
    }
    await rest(clock, minute, signal);
  }
}

async function measure(
  { gauges, clock, log }: SamplerParts,
  what: string,
  keepMs: number,
  ask: () => Promise<ReadonlyMap<string, number>>,
  signal: AbortSignal,
): Promise<void> {
  try {
    const values = await ask();
    if (!signal.aborted && values.size > 0) gauges.samples.add(clock.now(), values, keepMs);
  } catch (error) {
    // Whoever asks for it is told why; here it comes again in a minute.
    if (!signal.aborted) log.debug({ err: error }, `${what} can not be measured`);
  }
}

async function measureUsage(
  { kubernetes }: SamplerParts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const usage = await readUsage(kubernetes, signal);
  if (usage === null) return new Map();
  const values = new Map<string, number>();
  for (const { name, milliCores, bytes } of usage.nodes) {
    values.set(usageSeries('node', name, 'cpu'), milliCores);
    values.set(usageSeries('node', name, 'memory'), bytes);
  }
  for (const { kind, milliCores, bytes } of usage.components) {
    values.set(usageSeries('component', kind.key, 'cpu'), milliCores);
    values.set(usageSeries('component', kind.key, 'memory'), bytes);
  }
  return values;
}

async function measureSizes(
  { gauges, adminApi }: SamplerParts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const values = new Map<string, number>();
  const [disk, media, database] = await Promise.all([
    orNull(gauges.disk(signal)),
    orNull(mediaBytes(adminApi, signal)),
    orNull(databaseMetrics(gauges.endpoints, signal)),
  ]);
  if (disk?.storage.is === 'seen') {
    values.set(diskSeries.free, disk.storage.fileSystem.freeBytes);
  }
  if (media !== null) values.set(diskSeries.media, media);
  if (database !== null) {
    for (const { name, bytes } of database.databases) {
      values.set(`${diskSeries.database}${name}`, bytes);
    }
    const { used, most } = database;
    if (used !== null) values.set(diskSeries.connections, used);
    if (most !== null) values.set(diskSeries.mostConnections, most);
  }
  return values;
}

/** One that can't be measured does not keep the others from being kept. */
async function orNull<Value>(asked: Promise<Value>): Promise<Value | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
