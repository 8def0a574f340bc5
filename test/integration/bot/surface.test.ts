import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { RoomSurface } from '../../../src/bot/room-surface.ts';
import { parseEventId, parseJobId, parseUserId, type EventId } from '../../../src/core/ids.ts';
import type { ReportNode } from '../../../src/core/report.ts';
import { say } from '../../../src/core/text.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { Job } from '../../../src/platform/store/jobs.ts';
import { bodyOf, relationOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { meetBot, type EchoBot } from './echo-bot.ts';

let lab: Lab;
let alice: Person;
let bot: EchoBot;
let room: Awaited<ReturnType<typeof meetBot>>['room'];
let surface: RoomSurface;

beforeAll(async () => {
  lab = await startLab({ name: 'surface' });
  alice = lab.person('alice');
});
beforeEach(async () => {
  // Commands are not handled here: the tests answer them.
  ({ bot, room } = await meetBot(lab));
  surface = new RoomSurface({ outbox: bot.outbox, clock: systemClock });
});
afterEach(() => bot.stop());
afterAll(() => lab.stop());

let jobs = 0;

function jobFor(event: EventId, thread: EventId | null = null): Job {
  jobs += 1;
  const sender = parseUserId(alice.userId);
  return {
    id: parseJobId(`j${jobs}`),
    origin: { surface: 'room', room, event, thread, sender },
    language: 'en',
    line: '!backup now',
    command: 'backup now',
    input: {},
    facts: null,
    state: 'running',
    step: null,
    checkpoints: {},
    outcome: null,
    report: null,
    createdAt: Date.now(),
    startedAt: Date.now(),
    finishedAt: null,
  };
}

/** A message that is no command, for a job to be about. */
const talk = async (options = {}): Promise<EventId> =>
  parseEventId(await alice.send(room, 'please', options));

const report: readonly ReportNode[] = [
  { type: 'outcome', outcome: 'ok', text: 'all is well' },
  { type: 'paragraph', text: say('common.none') },
];

const mine = (job: Job) => (event: LabEvent) => event.content['io.urtc.job'] === job.id;
const isFinal = (job: Job) => (event: LabEvent) =>
  mine(job)(event) && event.content['io.urtc.final'] === true;

test('a quick answer is one event: a reply, a notice, nobody is mentioned', async () => {
  const event = await talk();
  const job = jobFor(event);
  const since = alice.mark(room);
  surface.finish(job, report, 'ok');
  const answer = await alice.waitFor(room, isFinal(job));
  expect(answer.content).toMatchObject({
    msgtype: 'm.notice',
    'm.mentions': {},
    'io.urtc.outcome': 'ok',
    'm.relates_to': { 'm.in_reply_to': { event_id: event } },
  });
  expect(answer.content['io.urtc.out']).toEqual(expect.stringMatching(/^o/));
  await alice.ask(room, '!last');
  const own = alice.timeline(room).filter((seen) => seen.sender === bot.self, since);
  expect(own.map(bodyOf)).toEqual([expect.stringContaining('all is well'), 'ran !last']);
});

test('a slow command: 👀 and one status that is edited; then ✅ instead of 👀', async () => {
  const event = await talk();
  const job = jobFor(event);
  surface.working(job);
  surface.working(job);
  const eyes = await alice.waitFor(room, (seen) => relationOf(seen).key === '👀');
  expect(relationOf(eyes).event_id).toBe(event);
  const status = await alice.waitFor(room, (seen) => seen.content['io.urtc.status'] === true);
  for (let i = 1; i <= 5; i += 1) surface.progress(job, `part ${i}`);
  const edit = await alice.waitFor(room, (seen) => bodyOf(seen).includes('part 5'));
  expect(relationOf(edit)).toMatchObject({ rel_type: 'm.replace', event_id: status.event_id });
  expect(edit.content['m.new_content']).not.toHaveProperty('m.relates_to');
  surface.finish(job, report, 'ok');
  const answer = await alice.waitFor(room, isFinal(job));
  const tick = await alice.waitFor(room, (seen) => relationOf(seen).key === '✅');
  expect(relationOf(tick).event_id).toBe(event);
  await alice.waitFor(room, (seen) => {
    return seen.type === 'm.room.redaction' && JSON.stringify(seen).includes(eyes.event_id);
  });
  const order = alice.timeline(room).events.map((seen) => seen.event_id);
  expect(order.indexOf(answer.event_id)).toBeLessThan(order.indexOf(tick.event_id));
  const edits = alice.timeline(room).filter((seen) => /part \d/.test(bodyOf(seen)));
  // Five steps in no time: the first may have gone out, what came after was merged.
  expect(edits.length).toBeLessThanOrEqual(2);
});

test('edits of a status keep two seconds between them', async () => {
  const job = jobFor(await talk());
  surface.working(job);
  await alice.waitFor(room, (seen) => seen.content['io.urtc.status'] === true);
  // Both clocks are this machine's. What the first one took to get there is nobody's pace.
  const before = Date.now();
  surface.progress(job, 'part 1');
  await alice.waitFor(room, (seen) => bodyOf(seen).includes('part 1'));
  surface.progress(job, 'part 2');
  const second = await alice.waitFor(room, (seen) => bodyOf(seen).includes('part 2'));
  expect(second.origin_server_ts - before).toBeGreaterThan(1900);
});

test('❌ where it failed, and nothing but the answer where it never showed 👀', async () => {
  const job = jobFor(await talk());
  surface.working(job);
  await alice.waitFor(room, (seen) => relationOf(seen).key === '👀');
  surface.finish(job, report, 'failed');
  await alice.waitFor(room, (seen) => relationOf(seen).key === '❌');
  const quick = jobFor(await talk());
  const since = alice.mark(room);
  surface.working(quick);
  surface.finish(quick, report, 'ok');
  await alice.waitFor(room, isFinal(quick));
  await alice.ask(room, '!last');
  const seen = alice.timeline(room).filter((event) => event.sender === bot.self, since);
  const about = seen.filter((event) => JSON.stringify(event.content).includes(`"${quick.id}"`));
  expect(about.filter((event) => event.content['io.urtc.final'] !== true).length).toBe(0);
});

test('a question stands in the thread, can be recognised, and its reaction comes in', async () => {
  const root = await talk();
  const job = jobFor(await talk({ thread: root }), root);
  const out = surface.prompt(job, {
    code: 'K7QX',
    expiresAt: Date.now() + 300_000,
    reason: 'destroy',
    shown: report,
  });
  const question = await alice.waitFor(room, (seen) => seen.content['io.urtc.prompt'] === job.id);
  expect(bodyOf(question)).toContain('K7QX');
  expect(relationOf(question)).toMatchObject({ rel_type: 'm.thread', event_id: root });
  await bot.chat.flush(60_000);
  expect(bot.outbox.eventOf(out)).toBe(question.event_id);
  await alice.react(room, question.event_id, '❌');
  await alice.redact(room, question.event_id);
  await alice.ask(room, '!last');
  expect(bot.ran.map(({ input }) => input.input.kind)).toEqual([
    'message',
    'reaction',
    'redaction',
    'message',
  ]);
});

test('[#20] a long answer comes in order, the last part is the final one, the rest is a file', async () => {
  const job = jobFor(await talk());
  const log = '🦀 four bytes each\n'.repeat(10_000);
  surface.finish(
    job,
    [
      { type: 'outcome', outcome: 'ok', text: 'done' },
      { type: 'code', content: log },
    ],
    'ok',
  );
  await alice.waitFor(room, isFinal(job), { timeoutMs: 60_000 });
  const parts = alice.timeline(room).filter(mine(job));
  expect(parts.map((part) => part.content['io.urtc.final'] === true)).toEqual([
    ...parts.slice(1).map(() => false),
    true,
  ]);
  const file = parts.find((part) => part.content['msgtype'] === 'm.file');
  if (file === undefined) throw new Error('there is no file');
  const data = await alice.fileOf(file);
  expect(new TextDecoder().decode(data)).toContain(log.trim());
});
