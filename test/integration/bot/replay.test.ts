import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { bodyOf } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { answersIn, meetBot, type EchoBot } from './echo-bot.ts';

let lab: Lab;
let alice: Person;
let bot: EchoBot;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'replay' });
  alice = lab.person('alice');
});
beforeEach(async () => {
  ({ bot, room } = await meetBot(lab));
});
afterEach(async () => {
  await bot.stop();
  lab.proxy.clear();
});
afterAll(() => lab.stop());

const answers = (): Promise<string[]> => answersIn(lab, room, bot);

test('[#1] a lost position repeats nothing and loses nothing', async () => {
  await bot.stop();
  bot.losePosition();
  const missed = await alice.send(room, '!missed');
  await bot.start();
  await alice.answerTo(room, missed);
  await alice.ask(room, '!last');
  expect(await answers()).toEqual(['!first', '!missed', '!last']);
});

test('[#2] another filter repeats nothing and loses nothing', async () => {
  await bot.stop();
  const missed = await alice.send(room, '!missed');
  await bot.start({ timelineLimit: 7 });
  await alice.answerTo(room, missed);
  await alice.ask(room, '!last');
  expect(await answers()).toEqual(['!first', '!missed', '!last']);
});

test('[#3] a gap of several pages with a command as the first event: it runs once, in order', async () => {
  await bot.stop();
  const missed = await alice.send(room, '!missed');
  for (let i = 0; i < 40; i += 1) await alice.send(room, `talk ${i}`);
  await bot.start({ timelineLimit: 10, limits: { maxEvents: 1000, pageSize: 10 } });
  await alice.answerTo(room, missed);
  await alice.ask(room, '!last');
  expect(await answers()).toEqual(['!first', '!missed', '!last']);
  expect(bot.logged('read what was missed').at(-1)?.fields).toMatchObject({ isComplete: true });
});

test('[#3] a gap that is too long is told in the room', async () => {
  await bot.stop();
  await alice.send(room, '!too old');
  for (let i = 0; i < 40; i += 1) await alice.send(room, `talk ${i}`);
  const read = await alice.send(room, '!read');
  const since = alice.mark(room);
  await bot.start({ timelineLimit: 5, limits: { maxEvents: 20, pageSize: 10 } });
  await alice.answerTo(room, read);
  await alice.waitFor(room, (event) => /I read the newest \d+ events/.test(bodyOf(event)), {
    since,
  });
  await alice.ask(room, '!last');
  expect(await answers()).toEqual(['!first', '!read', '!last']);
});

test.each(['same', 'next'] as const)(
  '[#4] events that come twice (%s sync) run once',
  async (where) => {
    lab.proxy.add({ fault: { action: 'duplicateEvents', where } });
    await alice.ask(room, '!twice');
    await alice.ask(room, '!last');
    expect(bot.bodies).toEqual(['!first', '!twice', '!last']);
    expect(await answers()).toEqual(['!first', '!twice', '!last']);
  },
);

test('a rewound position is told; nothing runs twice, nothing is lost', async () => {
  const since = alice.mark(room);
  lab.proxy.add({ fault: { action: 'rewindSync', by: 1 }, times: 1 });
  await alice.send(room, '!during');
  await alice.ask(room, '!after');
  await alice.waitFor(room, (event) => bodyOf(event).includes('gone back in time'), { since });
  await alice.ask(room, '!last');
  expect(await answers()).toEqual(['!first', '!during', '!after', '!last']);
});
