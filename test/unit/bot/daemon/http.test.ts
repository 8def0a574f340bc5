import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHealthServer, listen } from '../../../../src/bot/daemon/http.ts';
import type { NotReady } from '../../../../src/bot/daemon/readiness.ts';
import { countUndelivered } from '../../../../src/bot/daemon/undelivered.ts';
import { createMetrics, metricHelp } from '../../../../src/bot/daemon/metrics.ts';

const sources = {
  version: '1.2.3',
  startedAt: 1_000_000,
  ready: () => true,
  adminApiAccepted: () => false,
  auditTrusted: () => true,
  lastSyncAt: () => null,
  inboxPending: () => 3,
  events: () => ({
    ...{ recorded: 5, dropped: 1, malformed: 2, strangers: 3 },
    ...{ locked: 4, distrusted: 6, replayed: 7 },
  }),
  outbox: () => ({ queued: 2, oldestAgeMs: 1500 }),
  jobsUnfinished: () => 1,
  alerts: () => ({
    ...{ accepted: 9, refused: 8, deferred: 7 },
    ...{ waiting: 6, oldestAgeMs: 2500, firing: 5 },
    ...{ watchdogAgeMs: 60_000, isWatchdogMissed: false },
  }),
  notify: () => null,
  ended: () => ({ sent: 7, failed: 0, edits: 2 }),
  silencesMade: () => 0,
  store: () => ({ bytes: 10, freeBytes: 20, writable: false }),
};

const nothing = { clock: { now: () => 0 }, alerts: null, notify: null };
const undelivered = countUndelivered({
  ...nothing,
  outbox: { depth: () => ({ queued: 2, oldestAgeMs: 60_700 }) },
  alerts: { figures: () => ({ waiting: 1, oldestAgeMs: 500 }) },
  notify: { figures: () => ({ matrixOut: true }) },
});
const kept = { messages: 3, oldestSeconds: 61, matrixIsOut: true };

describe('the health pages', () => {
  it('[#26] [#39] tell liveness and readiness apart, and what Matrix has not taken in both cases', async () => {
    let problems: readonly NotReady[] = [
      { part: 'sync', reason: 'no sync yet' },
      { part: 'admin-api', reason: 'refused' },
    ];
    const server = createHealthServer({
      notReady: () => problems,
      undelivered,
      metrics: () => Promise.resolve(''),
    });
    const status = async (url: string) => (await server.inject(url)).statusCode;
    expect([await status('/livez'), await status('/readyz')]).toEqual([200, 503]);
    expect((await server.inject('/readyz')).json()).toEqual({
      ok: false,
      reason: 'sync: no sync yet; admin-api: refused',
      ...{ problems, undelivered: kept },
    });
    problems = [];
    expect([await status('/livez'), await status('/readyz')]).toEqual([200, 200]);
    expect((await server.inject('/readyz')).json()).toEqual({ ok: true, undelivered: kept });
    const none = { messages: 0, oldestSeconds: 0, matrixIsOut: false };
    const outbox = { depth: () => ({ queued: 0, oldestAgeMs: 0 }) };
    expect(countUndelivered({ ...nothing, outbox })()).toEqual(none);
    expect(await status('/other')).toBe(404);
    await server.close();
  });

  it('serve the metrics in the format of Prometheus', async () => {
    const server = createHealthServer({
      notReady: () => [],
      undelivered,
      metrics: () => createMetrics(sources).text(),
    });
    const page = await server.inject('/metrics');
    expect(page.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(page.body).toContain('urtc_info{version="1.2.3"} 1\n');
    expect(page.body).toContain('urtc_inbox_pending 3\n');
    expect(page.body).toContain('urtc_admin_api_accepted 0\n');
    expect(page.body).toContain('urtc_audit_trusted 1\n');
    expect(page.body).toContain('urtc_outbox_oldest_age_seconds 1.5\n');
    expect(page.body).toContain('urtc_alert_posts_oldest_age_seconds 2.5\n');
    expect(page.body).toContain('urtc_store_writable 0\n');
    expect(page.body).toContain('urtc_last_sync_time_seconds 0\n');
    await server.close();
  });

  it('serve the documented metrics and no others', async () => {
    const text = await createMetrics(sources).text();
    const served = [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(
      ([, name, help]) => `${name ?? ''}: ${help ?? ''}`,
    );
    expect(served.sort()).toEqual(
      Object.entries(metricHelp)
        .map(([name, help]) => `${name}: ${help}`)
        .sort(),
    );
    const docs = readFileSync(join(import.meta.dirname, '../../../../docs/metrics.md'), 'utf8');
    const listed = [...docs.matchAll(/^\| `(\w+)` +\| (.*?) +\|$/gm)].map(
      ([, name, help]) => `${name ?? ''}: ${help ?? ''}`,
    );
    expect(listed.sort()).toEqual(served);
  });
});

describe('an address that can not be listened on', () => {
  const open = () => {
    const pages = { notReady: () => [], undelivered, metrics };
    const server = createHealthServer(pages);
    onTestFinished(async () => {
      await server.close();
    });
    return server;
  };
  const metrics = () => Promise.resolve('');

  it('is told with what may be done about its cause', async () => {
    const first = open();
    await listen(first, '/u.yaml', 'http', { host: '127.0.0.1', port: 0 });
    const address = first.server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(
      listen(open(), '/u.yaml', 'http', { host: '127.0.0.1', port }),
    ).rejects.toMatchObject({
      code: 'E_ADDRESS_UNUSABLE',
      params: {
        advice: { key: 'address.taken.next', params: { command: `ss -ltnp 'sport = :${port}'` } },
      },
    });
    await expect(
      listen(open(), '/u.yaml', 'http', { host: '192.0.2.1', port: 0 }),
    ).rejects.toMatchObject({ params: { advice: '' } });
  });
});
