import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { alertmanagerPrograms } from '../../lab/alerts/alertmanager-program.ts';
import { startLoopbackServer, type LoopbackServer } from '../../lab/alerts/loopback-server.ts';
import { prometheusPrograms } from '../../lab/alerts/prometheus-program.ts';
import type { BotProcess } from '../../lab/bot-process.ts';
import { bodyOf, relationOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { startWebSink, type WebSink } from '../../lab/alerts/web-sink.ts';
import { freePort } from '../../lab/ports.ts';
import { until } from '../../lab/wait.ts';
import { askedInVain, readExposed } from './rules/exposed.ts';
import { onLoopback, plainConfig } from './rules/routing.ts';

const monitoring = resolve(import.meta.dirname, '../../../deploy/monitoring');
const token = 'token-of-alertmanager-in-the-lab';

let lab: Lab;
let bot: BotProcess;
let settings: Readonly<Record<string, unknown>>;
let room: string;
let alertmanager: LoopbackServer;
let prometheus: LoopbackServer;
let heartbeat: WebSink;
let phone: WebSink;
/** Stands in for the exporter of a PostgreSQL that can be broken. */
let exporter: WebSink;
let postgresUp = 1;

/** The rules as they are, but what waits for minutes waits for two seconds. */
const hurriedRules = (): string =>
  readFileSync(join(monitoring, 'rules.yaml'), 'utf8').replaceAll(/^( +for:) \w+$/gm, '$1 2s');

const startAlertmanager = async (port: number, intake: string): Promise<LoopbackServer> => {
  const folder = join(lab.folder, 'alertmanager');
  mkdirSync(folder);
  const config = join(folder, 'alertmanager.yml');
  const receivers = {
    urtc: { url: intake, token },
    heartbeat: { url: heartbeat.url },
    'out-of-band': { url: phone.url },
  };
  writeFileSync(config, onLoopback(plainConfig(), receivers));
  return startLoopbackServer({
    ...{ name: 'alertmanager', folder, url: `http://127.0.0.1:${port}`, readyPath: '/-/ready' },
    program: (await alertmanagerPrograms()).alertmanager,
    args: [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      // As the values of the chart have it.
      '--enable-feature=receiver-name-in-metrics',
    ],
  });
};

const startPrometheus = async (alertmanagerPort: number): Promise<LoopbackServer> => {
  const folder = join(lab.folder, 'prometheus');
  mkdirSync(folder);
  const port = await freePort();
  const scrape = (job: string, address: string) => ({
    job_name: job,
    static_configs: [{ targets: [address.replace('http://', '')] }],
  });
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    alerting: {
      alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }],
    },
    scrape_configs: [scrape('urtc-bot', bot.httpUrl), scrape('ess-postgres', exporter.url)],
  };
  writeFileSync(join(folder, 'rules.yaml'), hurriedRules());
  writeFileSync(join(folder, 'prometheus.yaml'), JSON.stringify(config));
  return startLoopbackServer({
    ...{ name: 'prometheus', folder, url: `http://127.0.0.1:${port}`, readyPath: '/-/ready' },
    program: (await prometheusPrograms()).prometheus,
    args: [
      `--config.file=${join(folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--rules.alert.resend-delay=1s',
    ],
  });
};

beforeAll(async () => {
  lab = await startLab({ name: 'alerts-live' });
  heartbeat = await startWebSink();
  phone = await startWebSink();
  exporter = await startWebSink();
  exporter.answer = () => ({
    status: 200,
    headers: { 'content-type': 'text/plain; version=0.0.4' },
    body: `pg_up ${postgresUp}\n`,
  });
  const intakePort = await freePort();
  const alertmanagerPort = await freePort();
  const secrets = join(lab.folder, 'bot/secrets');
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  writeFileSync(join(secrets, 'alerts-token'), token, { mode: 0o600 });
  settings = {
    alerts: {
      token: { file: 'secrets/alerts-token' },
      listen: { port: intakePort },
      alertmanager: { url: `http://127.0.0.1:${alertmanagerPort}`, trustAfterSeconds: 0 },
      // It is posted every second here.
      watchdog: { silentAfterSeconds: 8 },
    },
  };
  bot = await lab.startBot({ settings });
  room = await lab.enterAdminRoom();
  const intake = `http://127.0.0.1:${intakePort}/alerts/alertmanager`;
  alertmanager = await startAlertmanager(alertmanagerPort, intake);
  prometheus = await startPrometheus(alertmanagerPort);
}, 1_200_000);
afterAll(async () => {
  await prometheus.kill();
  await alertmanager.kill();
  await Promise.all([heartbeat, phone, exporter].map((sink) => sink.stop()));
  await lab.stop();
});

const postSchema = z.object({
  receiver: z.string(),
  status: z.enum(['firing', 'resolved']),
  alerts: z.array(z.object({ labels: z.record(z.string(), z.string()) })),
});

const postsTo = (sink: WebSink) =>
  sink.requests.map(({ body }) => postSchema.parse(JSON.parse(body)));

/** Names of the alerts that it was told to fire. */
const toldTo = (sink: WebSink, since: number): ReadonlySet<string> =>
  new Set(
    postsTo(sink)
      .slice(since)
      .filter(({ status }) => status === 'firing')
      .flatMap(({ alerts }) => alerts.map(({ labels }) => labels['alertname'] ?? '')),
  );

const patience = { timeoutMs: 60_000, everyMs: 50 };

const heardBy = (who: string, sink: WebSink, alert: string, since = 0): Promise<true> =>
  until(
    `${who} hears of ${alert}`,
    () => (toldTo(sink, since).has(alert) ? true : undefined),
    patience,
  );

const reportedSchema = z.array(
  z.object({
    labels: z.looseObject({ alertname: z.string() }),
    status: z.object({ state: z.string() }),
  }),
);

const says =
  (text: string) =>
  (event: LabEvent): boolean =>
    bodyOf(event).includes(text);

/** What Alertmanager knows of now. */
const reported = async (filter: string) => {
  const asked = filter === '' ? '' : `?filter=${encodeURIComponent(filter)}`;
  return reportedSchema.parse(
    await (await fetch(`${alertmanager.url}/api/v2/alerts${asked}`)).json(),
  );
};

const allQuiet = (filter: string) => async (): Promise<true | undefined> =>
  (await reported(filter)).length === 0 ? true : undefined;

const queryAnswer = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }),
});

const query = async (expression: string): Promise<readonly Record<string, string>[]> => {
  const answer = await fetch(
    `${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`,
  );
  return queryAnswer.parse(await answer.json()).data.result.map((each) => each.metric);
};

it('[#17] [#18] the rules in a real Prometheus, the routes in a real Alertmanager: the heartbeat beats, a database that is down is told in the room and on the phone and mutes what hangs on it', async () => {
  const alice = lab.person('alice');
  await heardBy('the heartbeat', heartbeat, 'Watchdog');
  const fine = '{__name__=~"urtc_(ready|audit_trusted|store_writable)"} == 1';
  await until(
    'the figures of the bot',
    async () => ((await query(fine)).length === 3 ? true : undefined),
    patience,
  );
  // Until its first scrape, Prometheus knew of no bot.
  await until('nothing is wrong with the bot', allQuiet('component=bot'), patience);

  // No Synapse is scraped here, so this one waits for nothing but its way.
  await heardBy('the phone', phone, 'SynapseAbsent');
  postgresUp = 0;
  const told = await alice.waitFor(room, (event) => bodyOf(event).includes('PostgresDown'), {
    timeoutMs: 60_000,
  });
  expect(bodyOf(told)).toContain('PostgreSQL does not answer');
  await heardBy('the phone', phone, 'PostgresDown');
  const alerts = await reported('');
  const stateOf = (name: string): string | undefined =>
    alerts.find((alert) => alert.labels.alertname === name)?.status.state;
  expect(stateOf('SynapseAbsent')).toBe('suppressed');
  expect(stateOf('PostgresDown')).toBe('active');
}, 400_000);

it.each([
  ['the bot', 'urtc_(?!backup_)', () => bot.httpUrl, 10],
  ['Alertmanager', 'alertmanager_', () => alertmanager.url, 2],
  ['Prometheus', 'prometheus_', () => prometheus.url, 1],
])(
  '[#18] what the rules ask of %s, it shows: names and labels',
  async (_who, names, url, least) => {
    const page = await (await fetch(`${url()}/metrics`)).text();
    const { asked, missing } = askedInVain(names, readExposed(page));
    expect(missing).toEqual([]);
    expect(asked).toBeGreaterThanOrEqual(least);
  },
);

it('[#14] [#17] a bot that is dead is told on the phone; a Prometheus that is dead stops the heartbeat, the room hears that monitoring is silent, and what Alertmanager ends falsely is no longer reported', async () => {
  const before = phone.requests.length;
  await bot.kill9();
  await heardBy('the phone', phone, 'BotDown', before);
  expect(postsTo(phone).every((post) => post.receiver === 'out-of-band')).toBe(true);

  bot = await lab.startBot({ settings });
  const alice = lab.person('alice');
  await until(
    'the watchdog comes to the bot',
    async () => {
      const page = await bot.page('/metrics');
      const age = Number(/^urtc_watchdog_age_seconds (\S+)/m.exec(page)?.[1]);
      return age < 2 ? true : undefined;
    },
    patience,
  );
  const since = alice.mark(room);
  await prometheus.kill();
  // Alertmanager gives an alert up four intervals after it was last told of it.
  await until('Alertmanager knows of no Watchdog', allQuiet('alertname=Watchdog'), patience);
  // What is new comes to the phone within a second, and the heartbeat would.
  const mark = async (alertname: string): Promise<void> => {
    const answer = await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname, severity: 'critical' } }]),
    });
    expect(answer.status).toBe(200);
    await heardBy('the phone', phone, alertname);
  };
  // A last beat may be on its way still.
  await mark('FirstMarker');
  const beats = heartbeat.requests.length;
  await mark('Marker');
  expect(heartbeat.requests.length).toBe(beats);

  // Nobody has mended the database: Alertmanager was told nothing more of it, and says that it is over.
  const silent = await alice.waitFor(room, says('Monitoring is silent'), { ...patience, since });
  expect(silent.content['m.mentions']).toEqual({ user_ids: [alice.userId] });
  expect(bodyOf(silent)).toContain('may go on');
  const isFalseEnd = (event: LabEvent): boolean =>
    relationOf(event).rel_type === 'm.replace' &&
    says('PostgresDown')(event) &&
    says('no longer reported')(event);
  await alice.waitFor(room, isFalseEnd, { ...patience, since });
}, 400_000);
