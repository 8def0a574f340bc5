import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { DiskGauge, diskSeries } from '../../../../src/ops/disk/disk.ts';
import { parseDatabaseMetrics } from '../../../../src/ops/disk/database-metrics.ts';
import { daysUntilFull, slopeOf } from '../../../../src/ops/disk/forecast.ts';
import { mediaBytes } from '../../../../src/ops/disk/media-size.ts';
import { mountPointOf } from '../../../../src/platform/disk/file-system.ts';
import { createSamples } from '../../../../src/platform/store/samples.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import type { FakeCluster } from '../../../fakes/cluster.ts';
import { fakeNow } from '../../../fakes/cluster.ts';
import { fakeMeta, fakeNode } from '../../../fakes/objects.ts';
import { fakeRelease } from '../../../fakes/release.ts';
import { FakeClock } from '../../commands/dispatch/fake-clock.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';

const day = 86_400_000;

describe('the day when nothing is free', () => {
  const falling = (perDay: number, days: number, now: number) =>
    Array.from({ length: days * 24 + 1 }, (_, hour) => ({
      at: fakeNow + (hour - days * 24) * 3_600_000,
      value: now + (days - hour / 24) * perDay,
    }));

  it('is told by the line through what was measured', () => {
    expect(daysUntilFull(falling(1e9, 7, 30e9))).toBeCloseTo(30, 6);
    expect(slopeOf(falling(1e9, 7, 30e9))).toBeCloseTo(-1e9 / day, 9);
  });

  it('is not shaken by one that is off', () => {
    const samples = falling(1e9, 7, 30e9).map((each, at) =>
      at === 60 ? { ...each, value: each.value - 1e9 } : each,
    );
    expect(daysUntilFull(samples)).toBeGreaterThan(28);
    expect(daysUntilFull(samples)).toBeLessThan(32);
  });

  it.each([
    ['it grows', falling(-1e9, 7, 30e9)],
    ['it stands still', falling(0, 7, 30e9)],
    ['it was watched for an hour', falling(1e9, 7, 30e9).slice(-2)],
    ['it is ten years away', falling(1000, 7, 30e9)],
    ['there is nothing', []],
    ['all is of one moment', [1, 2, 3].map((value) => ({ at: fakeNow, value }))],
  ])('is not told where %s', (_why, samples) => {
    expect(daysUntilFull(samples)).toBeNull();
  });
});

describe('the disk under the volumes (fake cluster)', () => {
  function gaugeOf(cluster: FakeCluster, storagePath: string | null = null) {
    const samples = createSamples(stateIn(tempFolder()));
    const clock = new FakeClock(fakeNow);
    return { samples, gauge: new DiskGauge({ kubernetes: cluster, samples, clock, storagePath }) };
  }
  function withVolume(cluster: FakeCluster, node: string): void {
    const meta = fakeMeta('pv-ess-postgres-data');
    cluster.volumes.set('pv-ess-postgres-data', {
      ...meta,
      ...{ phase: 'Bound', storageClass: 'local-path', capacityBytes: 1, reclaimPolicy: 'Delete' },
      ...{ path: '/var/lib/rancher/k3s/storage/pvc-1', node },
    });
  }

  it('is measured on this machine, also where its folder is closed to us or not there', async () => {
    const cluster = fakeRelease();
    cluster.view.put('Node', fakeNode(hostname()));
    withVolume(cluster, hostname());
    const { storage } = await gaugeOf(cluster).gauge.read();
    expect(storage.is).toBe('seen');
    if (storage.is === 'seen') expect(storage.fileSystem.totalBytes).toBeGreaterThan(0);
  });

  it('is not that of another machine', async () => {
    const cluster = fakeRelease();
    withVolume(cluster, 'node-1');
    const report = await gaugeOf(cluster).gauge.read();
    expect(report).toMatchObject({ storage: { is: 'hidden', why: 'elsewhere' }, level: 'fine' });
  });

  it('is none where no volume is on a disk, and the one that the config names', async () => {
    const cluster = fakeRelease();
    const { storage } = await gaugeOf(cluster).gauge.read();
    expect(storage).toEqual({ is: 'hidden', why: 'no-volume' });
    const named = await gaugeOf(cluster, '/tmp').gauge.read();
    expect(named.storage.is).toBe('seen');
  });

  it('is asked of the cluster once', async () => {
    const cluster = fakeRelease();
    withVolume(cluster, 'node-1');
    const { gauge } = gaugeOf(cluster);
    await gauge.read();
    await gauge.read();
    expect(cluster.calls.filter(({ method }) => method === 'volume')).toHaveLength(1);
  });

  it('says when it is full, and what fills it', async () => {
    const cluster = fakeRelease();
    const { gauge, samples } = gaugeOf(cluster, '/tmp');
    const now = await gauge.read();
    if (now.storage.is !== 'seen') throw new Error('/tmp is not seen');
    const { freeBytes } = now.storage.fileSystem;
    // Half of what is free now was used up in the last two days.
    for (const days of [2, 1.5, 1, 0.5]) {
      const value = freeBytes * (1 + days / 4);
      samples.add(fakeNow - days * day, new Map([[diskSeries.free, value]]), 30 * day);
    }
    samples.add(
      fakeNow,
      new Map([
        [`${diskSeries.database}synapse`, 5e9],
        [diskSeries.connections, 12],
        [diskSeries.mostConnections, 100],
        [diskSeries.media, 7e9],
      ]),
      30 * day,
    );
    const report = await gauge.read();
    expect(report.daysUntilFull).toBeCloseTo(4, 1);
    expect(report.level === 'warning' || report.level === 'broken').toBe(true);
    expect(report).toMatchObject({
      databases: [{ name: 'synapse', bytes: 5e9 }],
      connections: { used: 12, most: 100 },
      mediaBytes: 7e9,
      measuredAt: fakeNow,
    });
  });
});

describe('the mount point of a path', () => {
  const info = [
    '22 1 8:1 / / rw - ext4 /dev/sda1 rw',
    '30 22 8:2 / /var/lib/rancher rw - ext4 /dev/sda2 rw',
    '31 22 8:3 / /var/lib/ran rw - ext4 /dev/sda3 rw',
    String.raw`32 22 8:4 / /mnt/my\040disk rw - ext4 /dev/sda4 rw`,
    '',
  ].join('\n');

  it.each([
    ['/var/lib/rancher/k3s/storage', '/var/lib/rancher'],
    ['/var/lib/rancher', '/var/lib/rancher'],
    ['/var/lib/ranchers', '/'],
    ['/mnt/my disk/x', '/mnt/my disk'],
    ['/home', '/'],
  ])('of %s is %s', (path, point) => {
    expect(mountPointOf(path, info)).toBe(point);
  });
});

describe('sizes', () => {
  it('of databases come from the exporter', () => {
    const text = [
      '# HELP pg_database_size_bytes Disk space used by the database',
      'pg_database_size_bytes{datname="synapse"} 1.23e+09',
      'pg_database_size_bytes{datname="matrixauthenticationservice"} 9e6',
      'pg_database_size_bytes{datname="postgres"} 7e6',
      'pg_settings_max_connections{server="x"} 256',
      'pg_stat_activity_count{datname="synapse",state="idle"} 10',
      'pg_stat_activity_count{datname="synapse",state="active"} 2',
      'nonsense',
    ].join('\n');
    expect(parseDatabaseMetrics(text)).toEqual({
      databases: [
        { name: 'synapse', bytes: 1.23e9 },
        { name: 'matrixauthenticationservice', bytes: 9e6 },
      ],
      used: 12,
      most: 256,
    });
    expect(parseDatabaseMetrics('')).toEqual({ databases: [], used: null, most: null });
  });

  it('of media are added up over all pages', async () => {
    const pages = [
      { users: [{ media_length: 5 }, { media_length: 4 }], next_token: 2 },
      { users: [{ media_length: 1 }] },
    ];
    const asked: unknown[] = [];
    const sum = await mediaBytes(
      {
        ask: (schema, { query }) => {
          asked.push(query?.['from']);
          return Promise.resolve({ ok: true, status: 200, value: schema.parse(pages.shift()) });
        },
      },
      new AbortController().signal,
    );
    expect(sum).toBe(10);
    expect(asked).toEqual(['0', '2']);
  });
});
