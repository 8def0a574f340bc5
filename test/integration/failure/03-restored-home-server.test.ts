import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bodyOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import type { Snapshot } from '../../lab/synapse/server.ts';
import { until } from '../../lab/wait.ts';
import { finalCount } from './finals.ts';
import { MetBot, type Order } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let bot: MetBot;
let room: string;
let snapshot: Snapshot;

interface Given {
  readonly order: Order;
  readonly command: string;
}
/** Carried out and answered before the backup was made. */
let before: Given;
/** In the backup, carried out and answered after it was made. */
let between: Given;
/** Given, carried out and answered after the backup was made. */
let forgotten: Given;

async function give(): Promise<Given> {
  const order = bot.order();
  return { order, command: await alice.send(room, order.line) };
}

async function carryOut(given: Given): Promise<Given> {
  expect((await alice.answerTo(room, given.command)).outcome).toBe('ok');
  expect(await bot.runsOf(given.order)).toBe(1);
  return given;
}

beforeAll(async () => {
  lab = await startLab({ name: 'restored' });
  alice = lab.person('alice');
  bot = await MetBot.meet(lab);
  room = bot.room;
  before = await carryOut(await give());
  await bot.term();
  between = await give();
  snapshot = await lab.synapse.snapshot();
  await bot.start();
  await carryOut(between);
});
beforeEach(async () => {
  forgotten = await carryOut(await give());
  await until(
    'nothing waits to be sent',
    async () =>
      (await bot.process.page('/metrics')).includes('urtc_outbox_queued 0') ? true : undefined,
    { timeoutMs: 20_000 },
  );
});
afterAll(() => lab.stop());

async function restore(): Promise<void> {
  await lab.synapse.restore(snapshot);
  await alice.lookAgain();
}

const isTold = (event: LabEvent): boolean => bodyOf(event).includes('gone back in time');

/** The room was told once; what ran before does not run again, though its traces are gone. */
async function expectTold(): Promise<void> {
  await alice.waitFor(room, isTold);
  await carryOut(await give());
  expect(alice.timeline(room).filter(isTold)).toHaveLength(1);
  expect(await bot.runsOf(before.order)).toBe(1);
  expect(await finalCount(alice, room, before.command)).toBe(1);
  for (const { order, command } of [between, forgotten]) {
    expect(await bot.runsOf(order)).toBe(0);
    expect(await finalCount(alice, room, command)).toBe(0);
  }
}

test('[#3] the home server is restored under a living bot: the room is told, nothing runs again', async () => {
  await restore();
  await expectTold();
});

test('[#3] it is restored under a living bot that is cut off: a command sent meanwhile runs once', async () => {
  lab.proxy.block();
  await restore();
  const missed = await give();
  lab.proxy.unblock();
  await carryOut(missed);
  await expectTold();
});

test.each([0, 60])(
  '[#3] it is restored under a stopped bot: a command sent %i messages before its start runs once',
  async (messages) => {
    await bot.term();
    await restore();
    const missed = await give();
    // So many that the home server has counted beyond the bot's position: it looks valid again.
    for (let i = 0; i < messages; i += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, k) => alice.send(room, `talk ${i + k}`)));
    }
    await bot.start();
    await carryOut(missed);
    await expectTold();
  },
);

test('[#3] the position goes back and no connection was lost: the room is told, nothing runs again', async () => {
  const since = alice.mark(room);
  lab.proxy.add({ fault: { action: 'rewindSync', by: 1 }, times: 1 });
  const during = await give();
  // The first one may have come with the poll that was under way.
  const after = await give();
  await carryOut(during);
  await carryOut(after);
  await alice.waitFor(room, isTold, { since });
  const last = await carryOut(await give());
  for (const { order, command } of [during, after, forgotten, last]) {
    expect(await bot.runsOf(order)).toBe(1);
    expect(await finalCount(alice, room, command)).toBe(1);
  }
});
