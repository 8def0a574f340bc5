import { say } from '../../core/text.ts';
import type { DiskReport } from '../disk/disk.ts';
import type { Sighting } from './newsworthy.ts';

/** A disk that is nearly full, or soon will be, for the feed. */
export function diskSighting(report: DiskReport): readonly Sighting[] {
  const { storage, level, daysUntilFull } = report;
  if (storage.is !== 'seen' || level === 'fine' || level === 'starting') return [];
  const free = { bytes: storage.fileSystem.freeBytes };
  const said =
    daysUntilFull === null
      ? say('feed.disk', { free })
      : say('feed.disk-days', { free, count: Math.round(daysUntilFull) });
  return [{ identity: 'disk', level, said, opens: true }];
}
