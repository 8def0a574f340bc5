import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFinal } from '../../lab/answer.ts';
import type { BotProcess } from '../../lab/bot-process.ts';
import { soakCount } from '../../lab/count.ts';
import { bodyOf, repliesTo, type LabEvent } from '../../lab/event.ts';
import { route } from '../../lab/http.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { until } from '../../lab/wait.ts';

let lab: Lab;
let bot: BotProcess;
let alice: Person;
let room: string;

const sending = { method: 'PUT', path: /\/send\/|\/redact\// };
const limited = (): number =>
  lab.proxy.log.all(sending).filter((request) => request.status === 429).length;
const ofBot = (since: number): LabEvent[] =>
  alice.timeline(room).filter((event) => event.sender === lab.botAccount.userId, since);

/**
 * As if the server's limit were another one, for the bot alone; `null`: the default again. Synapse
 * counts what was sent under a higher limit against the lower one: go back only when little was.
 */
const limitBot = async (rate: { perSecond: number; burst: number } | null): Promise<void> => {
  const path = route`/_synapse/admin/v1/users/${lab.botAccount.userId}/override_ratelimit`;
  if (rate === null) await lab.admin.request({ method: 'DELETE', path });
  else {
    const body = { messages_per_second: rate.perSecond, burst_count: rate.burst };
    await lab.admin.request({ method: 'POST', path, body });
  }
};

beforeAll(async () => {
  lab = await startLab({ name: 'rate-limit', limits: 'default' });
  // The room that it makes counts at the home server, and is not what is tested here.
  await limitBot({ perSecond: 0, burst: 0 });
  bot = await lab.startBot();
  room = await lab.enterAdminRoom();
  alice = lab.person('alice');
  await limitBot(null);
});
afterAll(() => lab.stop());

/** Sends so many commands at once and returns the ids in the order in which the room has them. */
const flood = async (count: number): Promise<string[]> => {
  const sent: string[] = [];
  for (let i = 0; i < count; i += 1) sent.push(await alice.send(room, `!help # ${i}`));
  return sent;
};

/** Waits for the final answers and returns which commands they answer, in the room's order. */
const answered = async (commands: readonly string[], since: number, ms: number) => {
  const wanted = new Set(commands);
  const finals = (): string[] =>
    ofBot(since)
      .filter(isFinal)
      .map((event) => repliesTo(event) ?? '')
      .filter((id) => wanted.has(id));
  await until('all answers', () => (finals().length >= commands.length ? true : undefined), {
    timeoutMs: ms,
    everyMs: 100,
  });
  return finals();
};

/** Runs the flood and checks what holds whatever the limit is. */
const survives = async (count: number, ms: number): Promise<void> => {
  const before = limited();
  const since = alice.mark(room);
  const started = performance.now();
  const commands = await flood(count);
  const order = await answered(commands, since, ms);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `${count} answers in ${seconds} s, ${limited() - before} refused with 429\n`,
  );
  expect(order).toEqual(commands);
  expect(await bot.status('/livez')).toBe(200);
  expect(bot.output()).not.toMatch(/"level":"(error|fatal)"/);
};

describe('a home server that limits what the bot sends', () => {
  it('[#18] what people wait for goes before chatter: half of the budget stays free for it', async () => {
    // Slow commands, each with 👀 and a status message; quick ones in between. They end when all that
    // is counted here was counted: their answers would rightly take what is left.
    const rule = lab.proxy.add({
      match: { path: /\/_synapse\/admin\/v2\/users$/ },
      fault: { action: 'hang' },
    });
    const refusedBefore = limited();
    const since = alice.mark(room);
    const begun = performance.now();
    const slow = [];
    for (let i = 0; i < 6; i += 1) slow.push(await alice.send(room, '!user list'));
    const isChatter = (event: LabEvent): boolean =>
      event.sender === lab.botAccount.userId &&
      (event.type === 'm.reaction' || event.content['io.urtc.status'] === true);
    await alice.waitFor(room, isChatter, { since });
    const quick = [];
    for (let i = 0; i < 4; i += 1) quick.push(await alice.ask(room, '!version'));
    const chatter = alice.timeline(room).filter(isChatter, since);
    // One event each 5 s is earned anew.
    const earned = Math.floor((performance.now() - begun) / 5000);
    const times = quick.map(({ ms }) => Math.round(ms));
    process.stdout.write(
      `answers after ${times.join(', ')} ms, beside ${chatter.length} events of chatter\n`,
    );
    expect(rule.hits).toBeGreaterThan(1);
    // Of 10 events at once, 5 are kept for answers: 12 events of chatter would have used them up.
    expect(chatter.length).toBeLessThanOrEqual(5 + earned);
    expect(quick.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(Math.max(...times)).toBeLessThan(10_000);
    expect(limited() - refusedBefore).toBe(0);
    rule.remove();
    // Without any limit Synapse does not count, so what is said now is no debt under the default one.
    await limitBot({ perSecond: 0, burst: 0 });
    lab.proxy.cut();
    await answered(slow, since, 60_000);
    await limitBot(null);
  });

  it('soak: [#18] 40 answers against the default limit of one in 5 s', async () => {
    await survives(soakCount(40, 'answers against the default limit'), 400_000);
  }, 420_000);

  it('[#18] 40 answers against a limit of 2 a second: all, in order, no crash', async () => {
    await limitBot({ perSecond: 2, burst: 10 });
    // It can't know a limit that is higher than the default before it has met it.
    const since = alice.mark(room);
    await answered(await flood(18), since, 180_000);
    await survives(40, 180_000);
  }, 400_000);

  it('[#18] what was said is whole: no part of it is missing or twice', async () => {
    const events = (await alice.messages(room)).filter(
      (event) => event.sender === lab.botAccount.userId && isFinal(event),
    );
    const ids = events.map(repliesTo);
    expect(new Set(ids).size).toBe(ids.length);
    expect(events.every((event) => bodyOf(event) !== '')).toBe(true);
  });
});
