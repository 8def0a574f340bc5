import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { BotProcess } from '../../lab/bot-process.ts';
import { soakCount } from '../../lab/count.ts';
import type { LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { messagePath, messageSends } from '../../lab/message-sends.ts';
import type { Person } from '../../lab/person.ts';
import type { Fault, RequestMatch, SyncJson } from '../../lab/proxy/rules.ts';
import { until } from '../../lab/wait.ts';
import { tokenCount } from './accounts.ts';
import { Conversation } from './conversation.ts';
import { finalCount } from './finals.ts';
import { chanceFor, type Chance } from './random.ts';
import { reckon } from './reckoning.ts';

let lab: Lab;
let bot: BotProcess;
let room: string;
let alice: Person;

beforeAll(async () => {
  lab = await startLab({ name: 'lost-answers' });
  bot = await lab.startBot();
  room = await lab.enterAdminRoom();
  alice = lab.person('alice');
  await alice.ask(room, '!version');
});
afterEach(() => {
  lab.proxy.clear();
});
afterAll(() => lab.stop());

const syncs: RequestMatch = { path: /\/sync$/ };
const changes: RequestMatch = { path: /^\/_synapse\/admin\/v[12]\/(users|reset_password)\// };

const syncAnswer = z.looseObject({
  rooms: z
    .looseObject({
      join: z.record(
        z.string(),
        z.looseObject({
          timeline: z
            .looseObject({ events: z.array(z.looseObject({ sender: z.string() })) })
            .optional(),
        }),
      ),
    })
    .optional(),
});

/** The bot never sees its own messages come back: only the transaction id is left to it. */
const withoutOwn = (answer: SyncJson): SyncJson => {
  const parsed = syncAnswer.parse(answer);
  for (const { timeline } of Object.values(parsed.rooms?.join ?? {})) {
    if (timeline === undefined) continue;
    timeline.events = timeline.events.filter(({ sender }) => sender !== lab.botAccount.userId);
  }
  return parsed;
};

it('[#19] the response is lost after the home server stored the answer, three times: one message', async () => {
  lab.proxy.add({ match: syncs, fault: { action: 'rewriteSync', change: withoutOwn } });
  lab.proxy.cut();
  const since = alice.mark(room);
  const begun = lab.proxy.log.count();
  const rule = lab.proxy.add({ match: messageSends, fault: { action: 'dropResponse' }, times: 3 });
  const answer = await alice.ask(room, '!whoami');
  await until('all tries', () => (rule.hits === 3 ? true : undefined), { timeoutMs: 20_000 });
  // An answer is sent only when those before it are off the list.
  await alice.ask(room, '!version');
  const tries = (): string[] =>
    lab.proxy.log
      .all()
      .slice(begun)
      .map(({ path }) => path)
      .filter((path) => messagePath.test(path));
  const isSaid = ({ sender, type }: LabEvent): boolean =>
    sender === lab.botAccount.userId && type === 'm.room.message';
  // Two answers, and on a slow machine status messages: one event for each, however often it was sent.
  await until(
    'one message for each transaction',
    () =>
      alice.timeline(room).filter(isSaid, since).length === new Set(tries()).size
        ? true
        : undefined,
    { timeoutMs: 20_000 },
  );
  expect(new Set(tries()).size).toBeGreaterThanOrEqual(2);
  expect(tries().length).toBeGreaterThanOrEqual(new Set(tries()).size + 3);
  expect(await finalCount(alice, room, answer.commandId)).toBe(1);
});

it('[#19] killed before the response came: the next start sends it with the same id, one message', async () => {
  await bot.term();
  lab.proxy.add({ match: syncs, fault: { action: 'rewriteSync', change: withoutOwn } });
  bot = await lab.startBot();
  await alice.ask(room, '!version');
  const since = alice.mark(room);
  lab.proxy.add({ match: messageSends, fault: { action: 'trickle', bytes: 1, everyMs: 30_000 } });
  const begun = lab.proxy.log.count();
  const command = await alice.send(room, '!whoami');
  await alice.answerTo(room, command, { since });
  await bot.kill9();
  lab.proxy.clear();
  lab.proxy.add({ match: syncs, fault: { action: 'rewriteSync', change: withoutOwn } });
  bot = await lab.startBot();
  await alice.ask(room, '!version');
  const tries = lab.proxy.log
    .all()
    .slice(begun)
    .filter(({ path }) => messagePath.test(path));
  const transactions = tries.map(({ path }) => path);
  expect(transactions.filter((path) => path === transactions[0])).toHaveLength(2);
  expect(await finalCount(alice, room, command)).toBe(1);
});

/** A conversation while faults hit its requests at random; what came of it. */
const converse = async (
  count: number,
  chance: Chance,
  faults: readonly (readonly [RequestMatch, number, Fault])[],
) => {
  const tokensBefore = await tokenCount(lab);
  lab.proxy.log.clear();
  const rules = faults.map(([match, probability, fault], i) =>
    lab.proxy.add({ match, probability, fault, seed: chance.seed + i }),
  );
  const conversation = new Conversation(alice, room, chance);
  const since = alice.mark(room);
  while (conversation.sent.length < count) {
    // Some one by one, some in a row before the first is answered.
    const row = Math.min(chance.between(1, 5), count - conversation.sent.length);
    for (let i = 0; i < row; i += 1) await conversation.say();
    await until('answers', () => (conversation.unanswered === 0 ? true : undefined), {
      timeoutMs: 90_000,
    });
  }
  await conversation.finish(1000);
  lab.proxy.clear();
  // What was wrongly sent again would come before the answer to what is asked last.
  await alice.ask(room, '!version', { timeoutMs: 60_000 });
  const requests = lab.proxy.log.all();
  const { sent, slowestMs } = conversation;
  const found = await reckon(lab, { person: alice, room, sent, requests, tokensBefore });
  const hits = rules.reduce((sum, rule) => sum + rule.hits, 0);
  process.stdout.write(
    `faults: ${hits}, slowest answer: ${slowestMs} ms, ${JSON.stringify(found)}\n`,
  );
  // Nothing of the bot's, status messages included, is in the room twice.
  const rows = alice
    .timeline(room)
    .filter(({ sender }) => sender === lab.botAccount.userId, since)
    .map(({ content }) => content['io.urtc.out'])
    .filter((id) => typeof id === 'string');
  expect(new Set(rows).size).toBe(rows.length);
  return { hits, found };
};

it('soak: [#19] requests and responses lost at random: each answer once, in order, and true', async () => {
  const count = soakCount(200, 'commands with losses on the way');
  const { hits, found } = await converse(count, chanceFor('commands with losses on the way'), [
    [messageSends, 0.12, { action: 'dropResponse' }],
    [messageSends, 0.05, { action: 'cutMidBody' }],
    [messageSends, 0.05, { action: 'dropRequest' }],
    [messageSends, 0.08, { action: 'status', status: 503, body: 'no' }],
    [syncs, 0.1, { action: 'dropResponse' }],
    [syncs, 0.05, { action: 'status', status: 502, body: 'no' }],
    [syncs, 0.1, { action: 'duplicateEvents', where: 'next' }],
    [changes, 0.06, { action: 'dropResponse' }],
    [changes, 0.03, { action: 'dropRequest' }],
    [changes, 0.03, { action: 'status', status: 500, body: {} }],
  ]);
  expect(found).toMatchObject({ commands: count, lost: 0, repeated: 0, overtaken: 0, untrue: [] });
  expect(hits).toBeGreaterThan(count / 4);
}, 600_000);

it('soak: [#19] refused by the rate limit at random as well: each answer once, in order, and true', async () => {
  const count = soakCount(30, 'commands with 429 on the way');
  const body = { errcode: 'M_LIMIT_EXCEEDED', error: 'Too Many Requests', retry_after_ms: 60 };
  const { found } = await converse(count, chanceFor('commands with 429 on the way'), [
    [messageSends, 0.3, { action: 'status', status: 429, body }],
    [messageSends, 0.1, { action: 'dropResponse' }],
    [syncs, 0.1, { action: 'dropResponse' }],
  ]);
  expect(found).toMatchObject({ commands: count, lost: 0, repeated: 0, overtaken: 0, untrue: [] });
}, 600_000);
