import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { postTo } from '../../lab/alerts/alerting-bot.ts';
import { startMailSink, type MailSink } from '../../lab/alerts/mail-sink.ts';
import { startWebSink, type WebSink } from '../../lab/alerts/web-sink.ts';
import type { BotProcess } from '../../lab/bot-process.ts';
import { soakCount } from '../../lab/count.ts';
import { bodyOf, relationOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { freePort } from '../../lab/ports.ts';
import { until } from '../../lab/wait.ts';
import { posted, postedAlert } from '../../unit/bot/alerts/payloads.ts';
import { chanceFor } from '../failure/random.ts';
import { matrixTrouble } from './stored-trouble.ts';

const token = 'token-of-alertmanager-in-the-lab';

let lab: Lab;
let bot: BotProcess;
let room: string;
let webhook: string;
let mail: MailSink;
let web: WebSink;
let settings: Readonly<Record<string, unknown>>;

/** How the channels behave now. */
const manners = {
  /** The mail server takes nothing: the second channel's turn. */
  refusesMail: false,
  /** Lines of a mail, and requests, to which nobody answers. */
  mute: '',
};
/** Called with every line of a mail (its verb) and with `web`. */
let touched: (place: string) => void = () => undefined;

const secret = (name: string, text: string): { readonly file: string } => {
  const folder = join(lab.folder, 'bot/secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return { file: `secrets/${name}` };
};

beforeAll(async () => {
  lab = await startLab({ name: 'out-of-band-killed' });
  mail = await startMailSink({
    answer: (line) => {
      const verb = line === '' ? 'greeting' : (/^[A-Z]+|^\./.exec(line)?.[0] ?? '');
      touched(verb);
      if (manners.mute === verb) return null;
      return manners.refusesMail && verb === 'MAIL' ? '451 later' : undefined;
    },
  });
  web = await startWebSink();
  web.answer = () => {
    touched('web');
    return manners.mute === 'web' ? 'hang' : { status: 200 };
  };
  const port = await freePort();
  webhook = `http://127.0.0.1:${port}/alerts/alertmanager`;
  const smtp = { host: '127.0.0.1', port: mail.port, tls: 'none' };
  settings = {
    alerts: { token: secret('alerts-token', token), listen: { port } },
    notify: {
      afterSeconds: 5,
      channels: [
        { smtp: { ...smtp, from: 'urtc@lab.test', to: ['anna@lab.test'] } },
        { webhook: { url: secret('hook', `${web.url}/hook`) } },
      ],
    },
  };
  bot = await lab.startBot({ settings });
  room = await lab.enterAdminRoom();
});
afterAll(async () => {
  await lab.stop();
  await Promise.all([mail.stop(), web.stop()]);
});

const hookBody = z.object({ id: z.string(), title: z.string(), text: z.string() });

/** A message that a channel has taken. */
type Taken = z.output<typeof hookBody>;

/** All that was taken so far, by both. */
const taken = (): readonly Taken[] => [
  ...mail.mails.map(({ data }) => ({
    id: /^Message-ID: <([^@]*)@/m.exec(data)?.[1] ?? '',
    title: /^Subject: (.*)$/m.exec(data)?.[1]?.trim() ?? '',
    text: data,
  })),
  ...web.requests.map(({ body }) => hookBody.parse(JSON.parse(body))),
];

const trouble = () => matrixTrouble(join(lab.folder, 'bot/data/state.sqlite'));
const patience = { timeoutMs: 90_000, everyMs: 50 };

/** A text that is no edit: it tells of what is new. */
const isNews = (event: LabEvent): boolean =>
  event.content['msgtype'] === 'm.text' &&
  event.content['io.urtc.alert'] !== undefined &&
  relationOf(event).rel_type !== 'm.replace';

/** How many incidents are new in these messages; a long list is cut, the count is not. */
const toldIn = (bodies: readonly string[]): number =>
  bodies
    .map((body) => /(\d+) (?:firing|more alerts? fires?)/.exec(body)?.[1] ?? 'none')
    .reduce((sum, count) => sum + Number(count), 0);

let incidents = 0;
/** As Alertmanager does: the same again until it is taken. */
const postOne = async (): Promise<void> => {
  incidents += 1;
  const labels = { alertname: 'Out', severity: 'warning', nth: `n${incidents}n` };
  const fingerprint = incidents.toString(16).padStart(16, '0');
  const startsAt = new Date(1_700_000_000_000 + incidents).toISOString();
  const body = posted({
    groupKey: '{}:{alertname="Out"}',
    groupLabels: { alertname: 'Out' },
    alerts: [postedAlert({ labels, fingerprint, startsAt })],
  });
  const isTaken = async () => ((await postTo({ webhook }, body)) === 200 ? true : undefined);
  await until(`post ${incidents}`, isTaken, patience);
};

/** Where the bot is killed: when that line or request comes (or at any time), so long after it. */
interface Point {
  readonly place: string;
  /** Nobody answers it any more: the kill is sure to be before the bot hears. */
  readonly mute: boolean;
  readonly afterMs: number;
}

let kills = 0;
/** By message: kills that hit between the note that it is handed out and the note that it was taken. */
const cuts = new Map<string, number>();

const killNow = async (): Promise<void> => {
  await bot.kill9();
  kills += 1;
  const { note, handed } = trouble();
  if (note !== '' && handed > 0) cuts.set(note, (cuts.get(note) ?? 0) + 1);
  manners.mute = '';
  bot = await lab.startBot({ settings, waitReady: false });
};

/** Kills at this point, unless all was told before it came. */
const killAt = async (
  { place, mute, afterMs }: Point,
  isTold: () => boolean,
  meanwhile: () => Promise<void>,
): Promise<void> => {
  let isThere = place === 'any';
  if (mute) manners.mute = place;
  touched = (where) => {
    if (where === place) isThere = true;
  };
  const reached = async () => {
    if (isThere || isTold()) return true;
    await meanwhile();
    return undefined;
  };
  await until(`${place} of a channel`, reached, { timeoutMs: 120_000, everyMs: 5 });
  touched = () => undefined;
  if (isThere) {
    await pause(afterMs);
    await killNow();
  }
  manners.mute = '';
};

const isSoak = process.env['URTC_SOAK'] === '1';

it.runIf(isSoak)(
  'soak: [#3] [#4] the bot killed at random points of an outage and of its end: each incident reaches the room, people are told at least once that it began and that it is over, and twice only where a kill hit between sending and noting',
  async () => {
    const outages = soakCount(20, 'outages with kills of the bot');
    const chance = chanceFor('when the bot is killed');
    const alice = lab.person('alice');
    const none = (): Promise<void> => Promise.resolve();
    await postOne();
    const news = (): readonly string[] => alice.timeline(room).filter(isNews).map(bodyOf);
    await until('the first', () => (toldIn(news()) === 1 ? true : undefined), patience);

    const pointFor = (longestMs: number): Point => {
      const place = manners.refusesMail
        ? chance.pick(['any', 'web', 'web', 'MAIL'])
        : chance.pick(['any', 'greeting', 'DATA', '.', '.', 'QUIT']);
      if (place === 'any') return { place, mute: false, afterMs: chance.between(0, longestMs) };
      const mute = ['web', '.'].includes(place) && chance.roll() < 0.5;
      return { place, mute, afterMs: chance.between(0, mute ? 50 : 3) };
    };
    /** A sign of life before the next long poll is over. */
    const nudge = async (): Promise<void> => {
      await alice.send(room, 'is anybody there?');
      await pause(500);
    };
    for (let outage = 0; outage < outages; outage += 1) {
      manners.refusesMail = outage % 2 === 1;
      const before = new Set(taken().map(({ id }) => id));
      lab.proxy.block();
      await postOne();
      const isBegunTold = (): boolean => {
        const { phase, note, toldAt } = trouble();
        return phase === 'open' && note === '' && toldAt !== null;
      };
      for (let nth = chance.between(1, 2); nth > 0; nth -= 1) {
        await killAt(pointFor(9000), isBegunTold, none);
        await postOne();
      }
      await until('the digest', () => (isBegunTold() ? true : undefined), patience);
      const begun = taken().filter(({ id }) => !before.has(id));
      expect(new Set(begun.map(({ id }) => id)).size).toBe(1);
      expect(begun[0]?.title).toBe('urtc: lab.test takes no messages');
      expect(begun[0]?.text).toContain('Out (');

      lab.proxy.unblock();
      const isCalm = (): boolean => trouble().phase === 'calm';
      for (let nth = chance.between(0, 2); nth > 0; nth -= 1) {
        await killAt(pointFor(6000), isCalm, nudge);
      }
      const calmed = async () => (isCalm() ? true : nudge().then(() => undefined));
      await until('the end', calmed, { timeoutMs: 120_000 });
      for (const { id } of begun) before.add(id);
      const over = taken().filter(({ id }) => !before.has(id));
      expect(new Set(over.map(({ id }) => id)).size).toBe(1);
      expect(over[0]?.title).toBe('urtc: lab.test takes messages again');
      expect(over[0]?.text).toMatch(/[1-9]\d* messages? that waited (was|were) delivered/);
      await until(
        'all in the room',
        () => (toldIn(news()) >= incidents ? true : undefined),
        patience,
      );
    }

    const times = new Map<string, number>();
    for (const { id } of taken()) times.set(id, (times.get(id) ?? 0) + 1);
    const twice = [...times.values()].filter((count) => count > 1).length;
    const cut = [...cuts.values()].reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `${kills} kills, ${cut} of them between sending and noting; ${times.size} messages out of band, ${twice} of them more than once; ${incidents} incidents\n`,
    );
    const tooOften = [...times].filter(([id, count]) => count > 1 + (cuts.get(id) ?? 0));
    expect(tooOften).toEqual([]);
    expect(times.size).toBe(2 * outages);
    expect(toldIn(news())).toBe(incidents);
  },
  3_600_000,
);
