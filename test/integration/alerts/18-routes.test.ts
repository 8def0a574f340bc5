import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  alertmanagerPrograms,
  alertmanagerVersions,
} from '../../lab/alerts/alertmanager-program.ts';
import { startLoopbackServer, type LoopbackServer } from '../../lab/alerts/loopback-server.ts';
import { freePort } from '../../lab/ports.ts';
import { runProgram } from '../../lab/program.ts';
import { until } from '../../lab/wait.ts';
import { rules } from './rules/cases.ts';
import { chartConfig, onLoopback, plainConfig } from './rules/routing.ts';

let folder: string;

beforeAll(async () => {
  for (const version of alertmanagerVersions) {
    await alertmanagerPrograms((text) => void process.stderr.write(`lab: ${text}\n`), version);
  }
  folder = mkdtempSync(join(tmpdir(), 'urtc-routes-'));
  for (const [name, config] of Object.entries({ plain: plainConfig(), chart: chartConfig() })) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(config));
  }
}, 1_200_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Labels → who gets it. */
const routes: readonly (readonly [labels: string, receivers: string])[] = [
  ['alertname=Watchdog severity=none component=watchdog', 'heartbeat,urtc'],
  ['alertname=SynapseDown severity=critical component=synapse', 'out-of-band,urtc'],
  ['alertname=DiskLow severity=warning component=disk', 'urtc'],
  ['alertname=NodeRebooted severity=info component=reboot', 'urtc'],
  ['alertname=SomebodyElses', 'urtc'],
  ['alertname=SomebodyElses severity=critical', 'out-of-band,urtc'],
  ['alertname=BotDown severity=critical route=out-of-band', 'out-of-band'],
  ['alertname=BotUnreachable severity=critical route=out-of-band', 'out-of-band'],
  ['alertname=BotBacklog severity=critical route=out-of-band', 'out-of-band'],
];

/** The chart brings the Alertmanager of today, and its values hold what Debian's does not know. */
const read = { 'v0.34.0': ['plain', 'chart'], 'v0.25.0': ['plain'] } as const;

describe.each(alertmanagerVersions)('the config, read by amtool %s', (version) => {
  const files = (): readonly string[] => read[version].map((name) => join(folder, `${name}.json`));
  const amtool = async (...args: string[]): Promise<string> =>
    runProgram((await alertmanagerPrograms(undefined, version)).amtool, args);

  it(`[#18] amtool check-config accepts ${read[version].join(' and ')}`, async () => {
    for (const file of files()) {
      expect(await amtool('check-config', file)).toContain(' - 3 receivers');
    }
  });

  it.each(routes)('[#18] amtool config routes test: %s → %s', async (labels, receivers) => {
    for (const file of files()) {
      const flags = [`--config.file=${file}`, `--verify.receivers=${receivers}`];
      await amtool('config', 'routes', 'test', ...flags, ...labels.split(' '));
    }
  });
});

it('[#18] only the alerts about a bot that is not heard go past it, and all of them do', () => {
  const past = rules.filter((rule) => rule.labels.route !== undefined);
  expect(past.map((rule) => rule.alert)).toEqual([
    'BotDown',
    'BotUnreachable',
    'BotBacklog',
    'BotWatchdogMissed',
    'BotWayOutFailing',
  ]);
  for (const rule of past) expect(rule.labels.route).toBe('out-of-band');
});

/** Who mutes whom; what stands after `not` goes on. */
const mutings: readonly {
  readonly source: string;
  readonly mutes: readonly string[];
  readonly not: readonly string[];
}[] = [
  {
    source: 'NodeRebooted',
    mutes: ['SynapseDown', 'PostgresDown', 'MasDown', 'PodNotReady', 'TargetDown', 'BotDown'],
    not: ['Watchdog', 'DiskCritical', 'MemoryLow', 'CertExpiring', 'BackupStale'],
  },
  {
    source: 'PostgresDown',
    mutes: ['SynapseDown', 'SynapseErrors', 'MasDown', 'Haproxy5xx', 'PublicEndpointDown'],
    not: ['Watchdog', 'RedisDown', 'DiskLow', 'BotBacklog'],
  },
  {
    source: 'SynapseDown',
    mutes: ['SynapseErrors', 'FederationBacklog', 'HaproxyBackendDown', 'PublicEndpointDown'],
    not: ['SynapseAbsent', 'MasDown', 'RedisDown', 'BotBacklog', 'TargetDown{job=k}'],
  },
  { source: 'SynapseDown{job=j}', mutes: ['TargetDown{job=j}'], not: ['TargetDown{job=k}'] },
  {
    source: 'Same{severity=critical,instance=a}',
    mutes: ['Same{severity=warning,instance=a}'],
    not: ['Same{severity=warning,instance=b}', 'Other{severity=warning,instance=a}'],
  },
  {
    source: 'DiskCritical{instance=a,mountpoint=/}',
    mutes: ['DiskLow{instance=a,mountpoint=/}', 'DiskFullIn24h{instance=a,mountpoint=/}'],
    not: ['DiskLow{instance=a,mountpoint=/b}', 'InodesLow{instance=a,mountpoint=/}'],
  },
  {
    source: 'CertExpiringCritical{name=a}',
    mutes: ['CertExpiring{name=a}'],
    not: ['CertExpiring{name=b}'],
  },
];

/** The labels of `Alert{a=b,c=d}`, with those that its rule gives. */
const labelsOf = (written: string): Record<string, string> => {
  const [, alertname = '', others = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(written) ?? [];
  const own = rules.find((rule) => rule.alert === alertname)?.labels;
  const given = others.split(',').map((pair) => pair.split('='));
  const labels = Object.fromEntries(given.map(([name = '', value = '']) => [name, value]));
  const { route, ...rest } = own ?? {};
  const all = { alertname, ...rest, ...(route === undefined ? {} : { route }), ...labels };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== ''));
};

const stateSchema = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    status: z.object({ inhibitedBy: z.array(z.string()) }),
  }),
);

describe.each(alertmanagerVersions)(
  'what mutes what, asked of a real Alertmanager %s',
  (version) => {
    let alertmanager: LoopbackServer;

    beforeAll(async () => {
      const nowhere = { url: `http://127.0.0.1:${await freePort()}/` };
      const own = join(folder, `running-${version}`);
      mkdirSync(own);
      const config = join(own, 'alertmanager.json');
      const receivers = { urtc: nowhere, heartbeat: nowhere, 'out-of-band': nowhere };
      writeFileSync(config, onLoopback(chartConfig(), receivers));
      const port = await freePort();
      alertmanager = await startLoopbackServer({
        name: 'alertmanager',
        program: (await alertmanagerPrograms(undefined, version)).alertmanager,
        args: [
          `--config.file=${config}`,
          `--storage.path=${own}`,
          `--web.listen-address=127.0.0.1:${port}`,
          '--cluster.listen-address=',
        ],
        url: `http://127.0.0.1:${port}`,
        readyPath: '/-/ready',
        folder: own,
      });
    });
    afterAll(() => alertmanager.kill());

    const report = async (alerts: readonly string[], fields: object = {}): Promise<void> => {
      const answer = await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts.map((each) => ({ labels: labelsOf(each), ...fields }))),
      });
      expect(answer.status).toBe(200);
    };

    const mutedNow = async (): Promise<readonly Record<string, string>[]> => {
      const answer = await fetch(`${alertmanager.url}/api/v2/alerts`);
      return stateSchema
        .parse(await answer.json())
        .filter((each) => each.status.inhibitedBy.length > 0)
        .map((each) => each.labels);
    };

    it.each(mutings)('[#18] $source mutes $mutes and not $not', async ({ source, mutes, not }) => {
      const all = [...new Set([source, ...mutes, ...not])];
      await report(all);
      const wanted = mutes.map(labelsOf);
      const byName = (labels: readonly Record<string, string>[]): string[] =>
        labels.map((each) => JSON.stringify(Object.entries(each).sort())).sort();
      await until(
        `${source} mutes`,
        async () => ((await mutedNow()).length >= wanted.length ? true : undefined),
        { timeoutMs: 60_000 },
      );
      expect(byName(await mutedNow())).toEqual(byName(wanted));
      await report(all, { endsAt: new Date().toISOString() });
    });
  },
);
