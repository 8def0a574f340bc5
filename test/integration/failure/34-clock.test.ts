import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { isFinal } from '../../lab/answer.ts';
import { bodyOf, repliesTo, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { movedClock } from '../../lab/moved-clock.ts';
import type { Person } from '../../lab/person.ts';
import { until } from '../../lab/wait.ts';
import { finalCount } from './finals.ts';
import { MetBot } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let bot: MetBot;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'clock' });
  alice = lab.person('alice');
  bot = await MetBot.meet(lab);
  room = bot.room;
});
afterEach(async () => {
  lab.proxy.clear();
  await lab.synapse.setClock(0);
});
afterAll(() => lab.stop());

const minute = 60_000;

/** What the bot says to a command: its answer, or a question before that. */
const firstWordTo = (command: string): Promise<LabEvent> =>
  alice.waitFor(
    room,
    (event) => repliesTo(event) === command && (isFinal(event) || isQuestion(event)),
  );

const isQuestion = (event: LabEvent): boolean =>
  typeof event.content['io.urtc.prompt'] === 'string';

const codeOf = (question: LabEvent): string =>
  /\b(?=\w*\d)(?=\w*[A-Z])[A-Z\d]{4}\b/.exec(bodyOf(question))?.[0] ?? '';

/** Orders are carried out once and at once, live and after a gap, and never asked about. */
async function expectPunctual(
  away: () => Promise<void>,
  back: () => Promise<unknown>,
): Promise<void> {
  const [live, missed] = [bot.order(), bot.order()];
  const first = await alice.send(room, live.line);
  expect(isQuestion(await firstWordTo(first))).toBe(false);
  await away();
  const second = await alice.send(room, missed.line);
  await back();
  expect(isQuestion(await firstWordTo(second))).toBe(false);
  await alice.ask(room, '!version');
  for (const order of [live, missed]) expect(await bot.runsOf(order)).toBe(1);
  for (const command of [first, second]) expect(await finalCount(alice, room, command)).toBe(1);
}

test.each([10, -10])(
  '[#34] the home server’s clock is %i min ahead: commands run once, and none is taken for old',
  async (minutes) => {
    await lab.synapse.setClock(minutes * minute);
    await expectPunctual(
      () => bot.kill9(),
      () => bot.start(),
    );
  },
);

test.each([10, -10])(
  '[#34] the bot’s own clock is %i min ahead: commands run once, and none is taken for old (moved clock)',
  async (minutes) => {
    await bot.term();
    await bot.start({ env: movedClock(minutes * minute) });
    await expectPunctual(
      () => bot.kill9(),
      () => bot.start({ env: movedClock(minutes * minute) }),
    );
    await bot.term();
    await bot.start();
  },
);

test('[#34] the home server’s clock is set back while the bot lives: commands run once', async () => {
  await expectPunctual(
    () => lab.synapse.setClock(-10 * minute),
    () => lab.synapse.setClock(-20 * minute),
  );
});

test('a change that is older than 5 min when it is read is asked about again, a read runs', async () => {
  await bot.term();
  const order = bot.order();
  const unwanted = bot.order();
  const change = await alice.send(room, order.line);
  const other = await alice.send(room, unwanted.line);
  const dry = await alice.send(room, `${order.line} --dry-run`);
  const read = await alice.send(room, '!whoami');
  await lab.synapse.setClock(4 * minute);
  const young = bot.order();
  const later = await alice.send(room, young.line);
  await lab.synapse.setClock(6 * minute);
  await bot.start();
  const [question, otherQuestion] = [await firstWordTo(change), await firstWordTo(other)];
  expect([question, otherQuestion].map(isQuestion)).toEqual([true, true]);
  for (const command of [dry, read, later]) {
    expect((await alice.answerTo(room, command)).outcome).toBe('ok');
  }
  expect(await bot.runsOf(order)).toBe(0);
  await alice.send(room, codeOf(question), { reply: question.event_id });
  expect((await alice.answerTo(room, change)).outcome).toBe('ok');
  await alice.react(room, otherQuestion.event_id, '❌');
  expect((await alice.answerTo(room, other)).outcome).toBe('cancelled');
  const runs = await Promise.all([order, unwanted, young].map((each) => bot.runsOf(each)));
  expect(runs).toEqual([1, 0, 1]);
});

test('a change that was accepted before the bot died is asked about when it comes back late (moved clock)', async () => {
  const account = 'lateworker';
  const looks = { method: 'GET', path: new RegExp(`/users/%40${account}`) };
  const rule = lab.proxy.add({ match: looks, fault: { action: 'hang' } });
  const change = await alice.send(room, `!user add ${account}`);
  await until('it looks at the account', () => (rule.hits > 0 ? true : undefined), {
    timeoutMs: 20_000,
  });
  // Handled in order: the row of the first one is there when the second is answered.
  await alice.ask(room, '!version');
  await bot.kill9();
  lab.proxy.clear();
  await bot.start({ env: movedClock(6 * minute) });
  const question = await firstWordTo(change);
  expect(isQuestion(question)).toBe(true);
  await alice.send(room, codeOf(question), { reply: question.event_id });
  expect((await alice.answerTo(room, change)).outcome).toBe('ok');
  expect(await finalCount(alice, room, change)).toBe(1);
  await bot.term();
  await bot.start();
});

test('a change that was read and not accepted before the bot died is asked about when it comes back late (moved clock)', async () => {
  // A bot that ends reads on and accepts nothing more, as long as a job holds it.
  const making = { method: 'PUT', path: /\/_synapse\/admin\/v2\/users\// };
  const held = lab.proxy.add({ match: making, fault: { action: 'hang' } });
  const holder = await alice.send(room, '!user add holder');
  await until('a job runs', () => (held.hits > 0 ? true : undefined), { timeoutMs: 20_000 });
  bot.process.signal('SIGTERM');
  await until('it ends', () => (bot.process.output().includes('"stopping"') ? true : undefined), {
    timeoutMs: 20_000,
  });
  const order = bot.order();
  const change = await alice.send(room, order.line);
  const read = await alice.send(room, '!whoami');
  await until(
    'both were read',
    async () =>
      (await bot.process.page('/metrics')).includes('urtc_inbox_pending 2') ? true : undefined,
    { timeoutMs: 20_000 },
  );
  await bot.kill9();
  lab.proxy.clear();
  await bot.start({ env: movedClock(6 * minute) });
  const question = await firstWordTo(change);
  expect(isQuestion(question)).toBe(true);
  expect((await alice.answerTo(room, read)).outcome).toBe('ok');
  expect((await alice.answerTo(room, holder)).outcome).toBe('ok');
  expect(await bot.runsOf(order)).toBe(0);
  await alice.send(room, codeOf(question), { reply: question.event_id });
  expect((await alice.answerTo(room, change)).outcome).toBe('ok');
  expect(await bot.runsOf(order)).toBe(1);
});
