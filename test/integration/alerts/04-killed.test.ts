import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isNews } from '../../lab/alerts/alert-events.ts';
import { postTo, startAlertingBot, type AlertingBot } from '../../lab/alerts/alerting-bot.ts';
import { soakCount } from '../../lab/count.ts';
import { bodyOf } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { until } from '../../lab/wait.ts';
import { chanceFor } from '../failure/random.ts';
import { posted, postedAlert } from '../../unit/bot/alerts/payloads.ts';

let lab: Lab;
let alerting: AlertingBot;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'alerts-killed' });
  alerting = await startAlertingBot(lab);
  room = await lab.enterAdminRoom();
});
afterAll(async () => {
  await alerting.stop();
  await lab.stop();
});

const payload = (nth: number): object => {
  const labels = { alertname: 'Kill', severity: 'warning', nth: `n${nth}n` };
  const fingerprint = nth.toString(16).padStart(16, '0');
  const startsAt = new Date(1_700_000_000_000 + nth).toISOString();
  return posted({ alerts: [postedAlert({ labels, fingerprint, startsAt })] });
};

/** How many incidents are new in these messages; a long list is cut, the count is not. */
const toldIn = (bodies: readonly string[]): number =>
  bodies
    .map((body) => /(\d+) (?:firing|more alerts? fires?)/.exec(body)?.[1] ?? 'none')
    .reduce((sum, count) => sum + Number(count), 0);

it('soak: [#4] killed again and again with posts on their way: nothing is lost after a 2xx, and each incident is told once', async () => {
  const kills = soakCount(100, 'kills of a bot that takes alerts');
  const chance = chanceFor('when the bot is killed');
  const alice = lab.person('alice');
  let nth = 0;
  let accepted = 0;
  let tries = 0;
  /** As Alertmanager does: the same again until it is taken. */
  const deliver = async (): Promise<void> => {
    const own = (nth += 1);
    await until(
      `post ${own}`,
      async () => {
        tries += 1;
        return (await postTo(alerting, payload(own))) === 200 ? true : undefined;
      },
      { timeoutMs: 90_000, everyMs: 50 },
    );
    accepted += 1;
  };
  for (let kill = 0; kill < kills; kill += 1) {
    const posts = Array.from({ length: 5 }, async (_, place) => {
      await pause(chance.between(0, 300) * place);
      await deliver();
    });
    // Posts are gathered for a second, then told, then sent: all of that is within reach.
    await pause(chance.between(0, 2500));
    await alerting.bot.kill9();
    await alerting.restart();
    await Promise.all(posts);
  }
  const wanted = Array.from({ length: nth }, (_, at) => `n${at + 1}n`);
  const news = (): string[] => alice.timeline(room).filter(isNews).map(bodyOf);
  await until('all of them in the room', () => (toldIn(news()) >= nth ? true : undefined), {
    timeoutMs: 60_000,
    everyMs: 200,
  });
  // What would be told twice is told by the time at which something later is.
  await deliver();
  await until('the last one', () => (toldIn(news()) > wanted.length ? true : undefined), {
    timeoutMs: 60_000,
    everyMs: 200,
  });
  process.stdout.write(`${accepted} incidents in ${tries} tries, ${kills} kills\n`);
  expect(toldIn(news())).toBe(nth);
  const named = (name: string): number => news().filter((body) => body.includes(name)).length;
  expect(wanted.filter((name) => named(name) > 1)).toEqual([]);
}, 1_800_000);
