import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseOutboxId } from '../../../src/core/ids.ts';
import type { OutboxDraft } from '../../../src/platform/store/outbox.ts';
import { soakCount } from '../../lab/count.ts';
import { bodyOf } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { until } from '../../lab/wait.ts';
import { meetBot, type EchoBot } from './echo-bot.ts';

let lab: Lab;
let alice: Person;
let bot: EchoBot;
let room: Awaited<ReturnType<typeof meetBot>>['room'];

beforeAll(async () => {
  // Synapse's own limits: 10 events at once, then one in 5 s.
  lab = await startLab({ name: 'limits', limits: 'default' });
  alice = lab.person('alice');
});
beforeEach(async () => {
  ({ bot, room } = await meetBot(lab));
  lab.proxy.log.clear();
});
afterEach(() => bot.stop());
afterAll(() => lab.stop());

function draft(lane: string, body: string, more: Partial<OutboxDraft> = {}): OutboxDraft {
  return {
    room,
    lane,
    priority: 'answer',
    body: {
      kind: 'event',
      eventType: 'm.room.message',
      content: { msgtype: 'm.notice', body },
    },
    ...more,
  };
}

const add = (row: OutboxDraft) => bot.outbox.add(row, Date.now());

test(
  'soak: [#18] more than the home server lets through at once: all arrive, in order, once',
  { timeout: 400_000 },
  async () => {
    const count = 10 + soakCount(30, 'sends beyond the burst');
    for (let i = 0; i < count; i += 1) add(draft(`job ${i}`, `answer ${i}`));
    await lab.proxy.log.waitFor(({ status }) => status === 429);
    // It is being held back now: what is urgent must not stand at the end of the queue.
    const waiting = bot.outbox.waiting('answer');
    add(draft('alerts', 'alert', { priority: 'urgent' }));
    add(draft('chatter', 'chatter', { priority: 'progress' }));
    await alice.waitFor(room, (event) => bodyOf(event) === `answer ${count - 1}`, {
      timeoutMs: count * 7000,
    });
    const said = (await alice.messages(room))
      .filter((event) => event.sender === bot.self)
      .map(bodyOf);
    const answers = said.filter((body) => body.startsWith('answer'));
    expect(answers).toEqual(Array.from({ length: count }, (_, i) => `answer ${i}`));
    expect(said.filter((body) => body === 'alert')).toHaveLength(1);
    const after = said.slice(said.indexOf('alert')).filter((body) => body.startsWith('answer'));
    // At most the one that was on its way already overtook the alert.
    expect(after.length).toBeGreaterThanOrEqual(waiting - 1);
    expect(said).not.toContain('chatter');
    const refused = lab.proxy.log.all().filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    // One for the first that is too many, and few for waits that were a little short.
    expect(refused.length).toBeLessThanOrEqual(2 + count / 5);
  },
);

test('half of what may be sent stays free of chatter', async () => {
  const begun = performance.now();
  for (let i = 0; i < 10; i += 1) add(draft(`p${i}`, `chatter ${i}`, { priority: 'progress' }));
  await until(
    'chatter is held back',
    () => (bot.outbox.waiting('progress') <= 6 ? true : undefined),
    { timeoutMs: 60_000 },
  );
  const answer = await alice.ask(room, '!now');
  expect(answer.outcome).toBe('ok');
  // Half of the burst, and then one in 5 s, however long the answer took.
  const most = 6 + (performance.now() - begun) / 5000;
  expect(10 - bot.outbox.waiting('progress')).toBeLessThanOrEqual(most);
  expect(lab.proxy.log.all().filter(({ status }) => status === 429)).toHaveLength(0);
});

test('edits of a status are merged while they wait', async () => {
  const status = add(draft('job', 'status', { priority: 'progress', mergeKey: 'status' }));
  for (let i = 0; i < 20; i += 1) {
    add({
      ...draft('job', ''),
      priority: 'progress',
      mergeKey: 'status edit',
      body: {
        kind: 'edit',
        target: status,
        content: { msgtype: 'm.notice', body: `step ${i}` },
      },
    });
  }
  await alice.waitFor(room, (event) => bodyOf(event) === 'step 19', { timeoutMs: 60_000 });
  const edits = alice.timeline(room).filter((event) => bodyOf(event).startsWith('step'));
  expect(edits.length).toBeLessThanOrEqual(2);
  expect(bot.outbox.fateOf(parseOutboxId(status))?.state).toBe('sent');
});
