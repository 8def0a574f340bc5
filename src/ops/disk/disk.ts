import type { Clock } from '../../platform/clock.ts';
import { type FileSystem, fileSystemUnder } from '../../platform/disk/file-system.ts';
import { isThisMachine } from '../../platform/disk/this-machine.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { Samples, StoredSample } from '../../platform/store/samples.ts';
import type { Level } from '../stack/problem.ts';
import { daysUntilFull } from './forecast.ts';

/** Series of what this folder keeps in the store. */
export const diskSeries = {
  free: 'disk/free',
  media: 'media/bytes',
  connections: 'database/connections',
  mostConnections: 'database/connections-most',
  /** Followed by the database's name. */
  database: 'database/bytes/',
} as const;

/** What can be seen of the file system that the volumes lie on. */
export type StorageView =
  | { readonly is: 'seen'; readonly path: string; readonly fileSystem: FileSystem }
  /**
   * `elsewhere`: the volumes lie on another machine; `closed`: this user may not look there;
   * `no-volume`: no claim is bound yet.
   */
  | { readonly is: 'hidden'; readonly why: 'elsewhere' | 'closed' | 'no-volume' };

/** How full it is, and what fills it. */
export interface DiskReport {
  readonly storage: StorageView;
  readonly level: Level;
  /** Null: it does not fill up, or it was not watched long enough. */
  readonly daysUntilFull: number | null;
  readonly databases: readonly { readonly name: string; readonly bytes: number }[];
  readonly mediaBytes: number | null;
  readonly connections: { readonly used: number; readonly most: number } | null;
  /** When the sizes were measured, ms since the epoch; null: never. */
  readonly measuredAt: number | null;
}

/** What {@link DiskGauge} is made of. */
export interface DiskParts {
  readonly kubernetes: Kubernetes;
  readonly samples: Samples;
  readonly clock: Clock;
  /** Folder of the volumes as the config says; null: as the cluster says. */
  readonly storagePath: string | null;
}

const day = 86_400_000;
/** A forecast looks back as far. */
const lookBackMs = 14 * day;

/**
 * Measures the file system under the volumes. K3s's local-path neither limits a volume to its size
 * nor reports how full it is: all of them share one disk, and that one counts.
 */
export class DiskGauge {
  readonly #parts: DiskParts;
  #place: { readonly path: string; readonly node: string | null } | null = null;

  constructor(parts: DiskParts) {
    this.#parts = parts;
  }

  /** What is known now. Throws what asking the cluster for a volume throws. */
  async read(signal?: AbortSignal): Promise<DiskReport> {
    const { samples, clock } = this.#parts;
    const storage = await this.storage(signal);
    const free = samples.range(diskSeries.free, clock.now() - lookBackMs);
    const now: readonly StoredSample[] =
      storage.is === 'seen' ? [{ at: clock.now(), value: storage.fileSystem.freeBytes }] : [];
    const days = storage.is === 'seen' ? daysUntilFull([...free, ...now]) : null;
    const databases = samples
      .names(diskSeries.database, clock.now() - lookBackMs)
      .map((series) => ({
        name: series.slice(diskSeries.database.length),
        bytes: samples.latest(series)?.value ?? 0,
      }));
    const [used, most] = [
      samples.latest(diskSeries.connections),
      samples.latest(diskSeries.mostConnections),
    ];
    const media = samples.latest(diskSeries.media);
    return {
      storage,
      level: levelOf(storage, days),
      daysUntilFull: days,
      databases,
      mediaBytes: media?.value ?? null,
      connections: used === null || most === null ? null : { used: used.value, most: most.value },
      measuredAt: used?.at ?? media?.at ?? null,
    };
  }

  /** The file system under the volumes. */
  async storage(signal?: AbortSignal): Promise<StorageView> {
    const { storagePath } = this.#parts;
    const place =
      storagePath === null ? await this.#find(signal) : { path: storagePath, node: null };
    if (place === null) return { is: 'hidden', why: 'no-volume' };
    if (place.node !== null && !this.#isHere(place.node)) {
      return { is: 'hidden', why: 'elsewhere' };
    }
    const fileSystem = await fileSystemUnder(place.path);
    if (fileSystem === null) return { is: 'hidden', why: 'closed' };
    return { is: 'seen', path: place.path, fileSystem };
  }

  #isHere(name: string): boolean {
    const { value } = this.#parts.kubernetes.view.get('Node', { name });
    return isThisMachine(value ?? { name, addresses: [] });
  }

  /** Where the volume of a claim of the release lies: asked once, as it never moves. */
  async #find(signal?: AbortSignal): Promise<{ path: string; node: string | null } | null> {
    if (this.#place !== null) return this.#place;
    const { kubernetes } = this.#parts;
    const { view, namespace, release } = kubernetes;
    const claims = view
      .list('PersistentVolumeClaim', { namespace })
      .value.filter(({ name }) => name.startsWith(`${release}-`));
    for (const { volumeName } of claims) {
      const volume = volumeName === null ? null : await kubernetes.volume(volumeName, signal);
      if (volume === null || volume.path === null) continue;
      const [onlyNode, ...others] = view.list('Node').value;
      const node = volume.node ?? (others.length === 0 ? (onlyNode?.name ?? null) : null);
      // A volume whose node nobody knows is not taken for one of this machine.
      this.#place = { path: volume.path, node: node ?? '' };
      return this.#place;
    }
    return null;
  }
}

const gibibyte = 1024 ** 3;

/** Synapse and PostgreSQL stop at a full disk, so it is told well before. */
function levelOf(storage: StorageView, days: number | null): Level {
  if (storage.is === 'hidden') return 'fine';
  const { freeBytes, totalBytes, freeFiles } = storage.fileSystem;
  const part = Math.min(totalBytes === 0 ? 0 : freeBytes / totalBytes, freeFiles ?? 1);
  if (part < 0.05 || freeBytes < gibibyte || (days !== null && days < 2)) return 'broken';
  return part < 0.1 || (days !== null && days < 14) ? 'warning' : 'fine';
}
