import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postTo } from '../../lab/alerts/alerting-bot.ts';
import { Alertmanager } from '../../lab/alerts/alertmanager.ts';
import { startMailSink, type MailSink } from '../../lab/alerts/mail-sink.ts';
import { startWebSink, type WebSink } from '../../lab/alerts/web-sink.ts';
import type { BotProcess } from '../../lab/bot-process.ts';
import { bodyOf, relationOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { freePort } from '../../lab/ports.ts';
import { urtc } from '../../lab/product.ts';
import { until } from '../../lab/wait.ts';
import { posted, postedAlert } from '../../unit/bot/alerts/payloads.ts';

const token = 'token-of-alertmanager-in-the-lab';
const canaries = {
  password: 'canary-smtp-4f1b',
  path: 'canary-hook-9c2d',
  beat: 'canary-beat-77aa',
};
const wall = { timeoutMs: 80_000, everyMs: 100 };

let lab: Lab;
let bot: BotProcess;
let room: string;
let webhook: string;
let alertmanager: Alertmanager;
let mail: MailSink;
/** Whether the mail server takes a mail and then says nothing. */
let isMute = false;
/** The first channel; it refuses everything. */
let broken: WebSink;
let heartbeat: WebSink;
/** On a terminal. */
let printed: readonly string[] = [];
let settings: Readonly<Record<string, unknown>>;

const secret = (name: string, text: string): { readonly file: string } => {
  const folder = join(lab.folder, 'bot/secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return { file: `secrets/${name}` };
};

beforeAll(async () => {
  lab = await startLab({ name: 'out-of-band' });
  const answer = (line: string) => (line === '.' && isMute ? null : undefined);
  mail = await startMailSink({ answer });
  [broken, heartbeat] = await Promise.all([startWebSink(), startWebSink()]);
  broken.answer = ({ path }) => ({ status: 500, body: `broken: ${path}` });
  const port = await freePort();
  webhook = `http://127.0.0.1:${port}/alerts/alertmanager`;
  const folder = join(lab.folder, 'alertmanager');
  const intervals = { group: '2s', repeat: '2s' };
  alertmanager = await Alertmanager.start({ folder, webhook, token, intervals });
  settings = {
    alerts: {
      token: secret('alerts-token', token),
      listen: { port },
      watchdog: { silentAfterSeconds: 8 },
    },
    notify: {
      afterSeconds: 6,
      channels: [
        { webhook: { url: secret('hook', `${broken.url}/hooks/${canaries.path}`) } },
        {
          smtp: {
            ...{ host: '127.0.0.1', port: mail.port, tls: 'none', user: 'urtc' },
            ...{ from: 'urtc@lab.test', to: ['anna@lab.test'] },
            password: secret('mail', canaries.password),
          },
        },
      ],
      heartbeat: { url: secret('beat', `${heartbeat.url}/${canaries.beat}`), everySeconds: 5 },
    },
    log: { level: 'debug' },
  };
  bot = await lab.startBot({ settings });
  room = await lab.enterAdminRoom();
});
afterAll(async () => {
  await alertmanager.kill();
  await lab.stop();
  await Promise.all([mail, broken, heartbeat].map((sink) => sink.stop()));
});

const titles = (): readonly string[] =>
  mail.mails.map(({ data }) => /^Subject: (.*)$/m.exec(data)?.[1]?.trim() ?? '');
const figure = async (name: string): Promise<number> => {
  const line = (await bot.page('/metrics')).split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.split(' ')[1]);
};
const mailIds = (): readonly string[] =>
  mail.mails.map(({ data }) => /^Message-ID: (.*)$/m.exec(data)?.[1]?.trim() ?? '');
const says =
  (text: string) =>
  (event: LabEvent): boolean =>
    bodyOf(event).includes(text);

it('says of each channel what it answered, and no secret', async () => {
  const answer = await lab.person('alice').ask(room, '!notify test');
  expect(bodyOf(answer.event)).toMatch(/webhook[\s\S]*not taken[\s\S]*HTTP 500/);
  expect(bodyOf(answer.event)).toMatch(/smtp[\s\S]*taken[\s\S]*250/);
  expect(titles()).toEqual(['urtc: test from lab.test']);
  const terminal = (channel: string) =>
    urtc(['notify', 'test', channel, '--config', bot.configFile]);
  const [smtp, hook] = [await terminal('smtp'), await terminal('webhook')];
  expect([smtp.code, hook.code]).toEqual([0, 1]);
  expect(smtp.stdout + hook.stdout).toMatch(/250 2\.0\.0 taken[\s\S]*HTTP 500/);
  printed = [smtp, hook].map(({ stdout, stderr }) => stdout + stderr);
});

it('[#17] Alertmanager stops: the bot says that monitoring is silent, and when it is back', async () => {
  const alice = lab.person('alice');
  const watchdog = { labels: { alertname: 'Watchdog', severity: 'none' } };
  await alertmanager.report([watchdog]);
  // It goes on for longer than it may be silent, and nobody hears of it.
  await until(
    'posts of the watchdog',
    async () => ((await figure('urtc_alert_posts_accepted_total')) >= 5 ? true : undefined),
    wall,
  );
  expect(await figure('urtc_watchdog_age_seconds')).toBeLessThan(8);
  expect(alice.timeline(room).filter((event) => /watchdog/i.test(bodyOf(event)))).toEqual([]);

  await alertmanager.kill();
  const silent = await alice.waitFor(room, says('Monitoring is silent'), wall);
  expect(silent.content['msgtype']).toBe('m.text');
  expect(silent.content['m.mentions']).toEqual({ user_ids: [alice.userId] });
  expect(await figure('urtc_watchdog_missed')).toBe(1);
  const since = alice.mark(room);
  await alertmanager.start();
  await alertmanager.report([watchdog]);
  await alice.waitFor(room, says('Monitoring is back'), { ...wall, since });
  // In the room it was told, so nobody was called elsewhere.
  expect(titles()).toHaveLength(2);
}, 300_000);

it('[#3] [#17] a real minute without a home server, 100 alerts: one mail, once more after a kill in the middle; all of it in the room afterwards, and one more mail', async () => {
  const alice = lab.person('alice');
  const before = mail.mails.length;
  const sinceOut = alice.mark(room);
  await until('a heartbeat', () => (heartbeat.requests.length > 0 ? true : undefined), wall);
  await lab.synapse.kill();
  const begun = performance.now();
  // Five groups of twenty; six of each fire and end within the minute.
  const post = async (group: number, from: number, to: number, status: string): Promise<void> => {
    const alerts = Array.from({ length: to - from }, (_, at) => {
      const nth = 20 * group + from + at;
      return postedAlert({
        status,
        labels: { alertname: `Group${group}`, severity: 'critical', nth: `n${nth}n` },
        fingerprint: nth.toString(16).padStart(16, 'a'),
        ...(status === 'resolved' ? { endsAt: new Date().toISOString() } : {}),
      });
    });
    const groupLabels = { alertname: `Group${group}` };
    const body = posted({ groupKey: `{}:{g="${group}"}`, groupLabels, alerts });
    const isTaken = async () => ((await postTo({ webhook }, body)) === 200 ? true : undefined);
    await until('a post', isTaken, wall);
  };
  for (let group = 0; group < 5; group += 1) await post(group, 0, 20, 'firing');
  isMute = true;
  await until('a mail', () => (mail.mails.length > before ? true : undefined), wall);
  expect(titles().at(-1)).toBe('urtc: lab.test takes no messages');
  const told = mail.mails.at(-1)?.data ?? '';
  expect(told).toContain('critical: Group0 (20)');
  expect(broken.requests.length).toBeGreaterThan(1);
  // Killed before it hears that the mail was taken: it comes once more, as the same, and not again.
  await bot.kill9();
  isMute = false;
  bot = await lab.startBot({ settings, waitReady: false });
  await until('a repeat', () => (mail.mails.length > before + 1 ? true : undefined), wall);
  expect(mailIds().at(-1)).toBe(mailIds().at(-2));
  await until(
    'its being told',
    () => (bot.output().includes('told people out of band') ? true : undefined),
    wall,
  );
  await bot.kill9();
  bot = await lab.startBot({ settings, waitReady: false });
  for (let group = 0; group < 5; group += 1) await post(group, 14, 20, 'resolved');
  const failing = `/${canaries.beat}/fail`;
  await until(
    'a report of failure',
    () => (heartbeat.requests.some(({ path }) => path === failing) ? true : undefined),
    wall,
  );
  await pause(Math.max(0, 60_000 - (performance.now() - begun)));
  expect(mail.mails).toHaveLength(before + 2);

  await lab.synapse.start();
  const up = performance.now();
  const isOfAlerts = (event: LabEvent): boolean => event.content['io.urtc.alert'] !== undefined;
  await alice.waitFor(room, isOfAlerts, wall);
  process.stdout.write(`the first alert after ${Math.round(performance.now() - up)} ms\n`);
  // How soon is a question to a machine that does nothing else.
  if (process.env['URTC_SOAK'] === '1') expect(performance.now() - up).toBeLessThan(10_000);
  const shown = (): string => alice.timeline(room).events.map(bodyOf).join('\n');
  const missing = (): readonly number[] =>
    Array.from({ length: 100 }, (_, nth) => nth).filter((nth) => !shown().includes(`n${nth}n`));
  await until('all alerts', () => (missing().length === 0 ? true : undefined), wall);
  // What was over before anybody could read of it is marked as that.
  const isMarked = (nth: number): boolean =>
    shown()
      .split('\n')
      .findLast((line) => line.includes(`n${nth}n`))
      ?.includes('✅') ?? false;
  const unmarked = (): readonly number[] =>
    Array.from({ length: 100 }, (_, nth) => nth).filter((nth) => isMarked(nth) !== nth % 20 >= 14);
  await until('the ends', () => (unmarked().length === 0 ? true : undefined), wall);
  // Each group by itself: told once, what ended after what fired, and nothing of it twice.
  for (let group = 0; group < 5; group += 1) {
    const ofGroup = alice.timeline(room).filter(says(`Group${group}`), sinceOut);
    const isEdit = (event: LabEvent): boolean => relationOf(event).rel_type === 'm.replace';
    const roots = ofGroup.filter((event) => relationOf(event).rel_type === undefined);
    expect(roots).toEqual([ofGroup[0]]);
    const replies = ofGroup.filter((event) => event !== roots[0] && !isEdit(event));
    expect(replies.map(bodyOf)).toEqual(
      replies.length === 0 ? [] : [expect.stringContaining('6 alerts are over')],
    );
    const firing = ofGroup
      .filter((event) => !replies.includes(event))
      .map((event) => Number(/(\d+) firing/.exec(bodyOf(event))?.[1]));
    expect(firing).toEqual([...new Set(firing)].sort((a, b) => b - a));
    expect([20, 14]).toContain(firing.at(-1));
  }
  const hasCome = async (): Promise<true | undefined> => {
    if (mail.mails.length > before + 2) return true;
    // A sign of life before the next long poll is over.
    await alice.ask(room, '!version');
    return undefined;
  };
  await until('the last mail', hasCome, { timeoutMs: 80_000, everyMs: 1000 });
  expect(titles().slice(before)).toEqual([
    'urtc: lab.test takes no messages',
    'urtc: lab.test takes no messages',
    'urtc: lab.test takes messages again',
  ]);
  expect(mail.mails.at(-1)?.data).toMatch(/\d+ messages that waited (were|was) delivered/);
  expect(await figure('urtc_matrix_out')).toBe(0);
}, 400_000);

it('[#17] the bot is killed: the heartbeat stops, which somebody outside sees', async () => {
  const beats = heartbeat.requests.length;
  await until('a heartbeat', () => (heartbeat.requests.length > beats ? true : undefined), wall);
  await bot.kill9();
  const last = heartbeat.requests.at(-1)?.at ?? 0;
  await until('two beats missed', () => (Date.now() - last > 11_000 ? true : undefined), wall);
  expect(heartbeat.requests.at(-1)?.at).toBe(last);
});

it('[#39] no secret of a channel is in the log, the store or the room', () => {
  const files = (folder: string): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((file) => statSync(file).isFile());
  const places = [
    ...files(join(lab.folder, 'bot/data')).map((file) => readFileSync(file, 'latin1')),
    readFileSync(bot.logFile, 'utf8'),
    JSON.stringify(lab.person('alice').timeline(room)),
    ...printed,
  ];
  expect(readFileSync(bot.logFile, 'utf8')).toContain('a channel did not take a message');
  for (const canary of Object.values(canaries)) {
    expect(places.filter((place) => place.includes(canary))).toEqual([]);
  }
});
