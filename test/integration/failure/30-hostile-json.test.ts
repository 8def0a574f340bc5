import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startLab, type Lab } from '../../lab/lab.ts';
import { messageSends } from '../../lab/message-sends.ts';
import type { Person } from '../../lab/person.ts';
import type { Fault } from '../../lab/proxy/rules.ts';
import { roomKind } from '../../lab/room-kind.ts';
import { until } from '../../lab/wait.ts';
import { MetBot, type Order } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let bot: MetBot;
let room: string;
let order: Order;
let since: number;

beforeAll(async () => {
  lab = await startLab({ name: 'hostile-json' });
  alice = lab.person('alice');
  bot = await MetBot.meet(lab);
  room = bot.room;
});
beforeEach(() => {
  order = bot.order();
  since = alice.mark(room);
});
afterEach(() => {
  lab.proxy.clear();
});
afterAll(() => lab.stop());

const wrong: readonly unknown[] = [null, true, 7, -1.5, '', 'text', [], ['text'], {}, { body: 1 }];

type Path = readonly string[];
/** All fields of a command event that the bot looks at. */
const fields: readonly Path[] = [
  ['event_id'],
  ['sender'],
  ['type'],
  ['origin_server_ts'],
  ['state_key'],
  ['redacts'],
  ['content'],
  ['content', 'msgtype'],
  ['content', 'body'],
  ['content', 'm.relates_to'],
  ['content', 'm.relates_to', 'rel_type'],
  ['content', 'm.relates_to', 'event_id'],
  ['content', 'm.relates_to', 'is_falling_back'],
  ['content', 'm.relates_to', 'm.in_reply_to'],
  ['content', 'm.relates_to', 'm.in_reply_to', 'event_id'],
  ['content', 'm.new_content'],
  ['unsigned'],
  ['unsigned', 'age'],
  ['unsigned', 'transaction_id'],
];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const withField = (event: unknown, [name = '', ...rest]: Path, value: unknown): unknown => {
  const record = isRecord(event) ? event : {};
  return { ...record, [name]: rest.length === 0 ? value : withField(record[name], rest, value) };
};

const at = (event: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), event);

const contentOf = (event: unknown): Record<string, unknown> => {
  const content = at(event, ['content']);
  return isRecord(content) ? content : {};
};

/** Whether a wrong value happens to be a right one for this field. */
const isRight = (path: Path, value: unknown): boolean => {
  const name = path.at(-1) ?? '';
  if (name === 'origin_server_ts' || name === 'age') return typeof value === 'number';
  if (name === 'm.relates_to' || name === 'unsigned') return isRecord(value);
  if (name === 'is_falling_back') return typeof value === 'boolean';
  return ['rel_type', 'transaction_id'].includes(name) && typeof value === 'string';
};

let made = 0;

/** A command of alice's as the home server would deliver it, with fields that may be overwritten. */
function commandEvent(line: string): Record<string, unknown> {
  made += 1;
  return {
    event_id: `$hostile${made}`,
    sender: alice.userId,
    type: 'm.room.message',
    origin_server_ts: Date.now(),
    content: { msgtype: 'm.text', body: line },
    unsigned: { age: 10, transaction_id: 'x' },
  };
}

/** The next sync brings these too, in the room, once. */
async function deliver(events: readonly unknown[]): Promise<void> {
  const timeline: Path = ['rooms', 'join', room, 'timeline', 'events'];
  const rule = lab.proxy.add({
    times: 1,
    fault: {
      action: 'rewriteJson',
      change: (answer) => {
        const real = at(answer, timeline);
        const delivered: unknown[] = Array.isArray(real) ? real : [];
        return withField(answer, timeline, [...events, ...delivered]);
      },
    },
    match: { path: /\/sync$/ },
  });
  lab.proxy.cut();
  await until('the delivery', () => (rule.hits === 1 ? true : undefined), { timeoutMs: 20_000 });
}

async function metric(name: string): Promise<number> {
  const page = await bot.process.page('/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1] ?? NaN);
}

test('[#30] each field with each wrong type: counted, and nothing runs or is said', async () => {
  const hostile = fields.flatMap((path) =>
    wrong
      .filter((value) => !isRight(path, value))
      .map((value) => {
        const event = withField(commandEvent(order.line), path, value);
        // An id that is a text is a good one, the sender and the type with it are not hers.
        expect(at(event, path)).toBe(value);
        return event;
      }),
  );
  const dropped = await metric('urtc_events_dropped_total');
  const malformed = await metric('urtc_events_malformed_total');
  await deliver([...wrong, ...hostile]);
  await alice.ask(room, '!version');
  expect(await bot.runsOf(order)).toBe(0);
  expect(bot.said(alice, since)).toHaveLength(1);
  await until(
    'an empty inbox',
    async () => ((await metric('urtc_inbox_pending')) === 0 ? true : undefined),
    { timeoutMs: 20_000 },
  );
  // No event at all; an id, a sender or a type that is none.
  expect((await metric('urtc_events_dropped_total')) - dropped).toBeGreaterThanOrEqual(30);
  expect((await metric('urtc_events_malformed_total')) - malformed).toBeGreaterThanOrEqual(90);
});

test.runIf(roomKind() === 'encrypted')(
  '[#30] each field with each wrong type inside what is encrypted: counted, and nothing runs or is said',
  async () => {
    const malformed = await metric('urtc_events_malformed_total');
    const inside = fields.filter(([first, ...rest]) => first === 'content' && rest.length > 0);
    for (const path of inside) {
      // A relation stands outside of what is encrypted, where the home server has no fractions.
      const unfit = wrong.filter((value) => !isRight(path, value) && value !== -1.5);
      const hostile = unfit.map((value) => withField(commandEvent(order.line), path, value));
      for (const event of hostile) await alice.putEvent(room, 'm.room.message', contentOf(event));
    }
    await alice.ask(room, '!version');
    expect(await bot.runsOf(order)).toBe(0);
    expect(bot.said(alice, since)).toHaveLength(1);
    expect((await metric('urtc_events_malformed_total')) - malformed).toBeGreaterThanOrEqual(50);
  },
);

test('[#30] keys that reach prototypes, in every place: without effect', async () => {
  const poison =
    '"__proto__":{"isAdmin":true,"msgtype":"m.text"},"constructor":{"prototype":{"isAdmin":true}}';
  const poisoned = (line: string, type: string): unknown =>
    JSON.parse(
      JSON.stringify(commandEvent(line))
        .replace('"content":{', `"content":{${poison},`)
        .replace('"unsigned":{', `"unsigned":{${poison},`)
        .replace('"msgtype":"m.text",', type)
        .replace(/^\{/, `{${poison},`),
    );
  const version = poisoned('!version', '"msgtype":"m.text",');
  // What is missing is not taken from the poison.
  const without = poisoned(order.line, '');
  let id = String(at(version, ['event_id']));
  if (lab.isEncrypted) {
    await deliver([without]);
    await alice.putEvent(room, 'm.room.message', contentOf(without));
    id = await alice.putEvent(room, 'm.room.message', contentOf(version));
  } else await deliver([without, version]);
  await alice.waitFor(room, (event) => JSON.stringify(event.content).includes(`"${id}"`), {
    since,
  });
  expect((await alice.ask(room, '!whoami')).body).toContain(alice.userId);
  expect(await bot.runsOf(order)).toBe(0);
});

test('[#30] very deep, very long and very many: read or dropped, and the bot lives', async () => {
  const deep: unknown = JSON.parse(`${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`);
  const long = 'x'.repeat(200_000);
  await deliver([
    withField(commandEvent(order.line), ['content', 'm.relates_to'], { rel_type: long }),
    withField(commandEvent('!version'), ['content', 'extra'], deep),
    withField(commandEvent(order.line), ['event_id'], `$${long}`),
    withField(commandEvent(order.line), ['sender'], `@${long}:lab.test`),
    ...Array.from({ length: 3000 }, () => withField(commandEvent('x'), ['content'], [])),
  ]);
  // And as deep as the home server lets a person write.
  const extra: unknown = JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`);
  const version = await alice.send(room, '!version', { content: { extra } });
  expect((await alice.answerTo(room, version)).outcome).toBe('ok');
});

const answers: readonly (readonly [string, RegExp, Fault])[] = [
  ...[null, 'text', {}, { next_batch: 7 }, { next_batch: 's1', rooms: [] }]
    .map((body) => ({ action: 'status', status: 200, body }) as const)
    .map((fault) => [`/sync: ${JSON.stringify(fault.body)}`, /\/sync$/, fault] as const),
  [
    '/sync: a timeline that is none',
    /\/sync$/,
    {
      action: 'rewriteSync',
      change: (answer) => ({ ...answer, rooms: { join: { [room]: { timeline: 'none' } } } }),
    },
  ],
];

test('[#30] /sync answers that are none: nothing is lost, and it goes on', async () => {
  for (const [what, path, fault] of answers) {
    const rule = lab.proxy.add({ match: { path }, fault, times: 1 });
    lab.proxy.cut();
    const mine = bot.order();
    const command = await alice.send(room, mine.line);
    expect((await alice.answerTo(room, command)).outcome, what).toBe('ok');
    expect(rule.hits, what).toBe(1);
    expect(await bot.runsOf(mine), what).toBe(1);
  }
  await bot.process.ready();
});

test.each([null, [], {}, { event_id: 7 }, { event_id: 'x' }])(
  '[#30] a send is answered with %j: it is sent again, and the room has it once',
  async (body) => {
    const fault: Fault = { action: 'rewriteJson', change: () => body };
    lab.proxy.add({ match: messageSends, fault, times: 1 });
    const answer = await alice.ask(room, order.line);
    expect(answer.outcome).toBe('ok');
    await alice.ask(room, '!version');
    expect(bot.said(alice, since)).toHaveLength(2);
    expect(await bot.runsOf(order)).toBe(1);
  },
);
