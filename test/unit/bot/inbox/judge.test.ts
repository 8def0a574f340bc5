import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isActionable } from '../../../../src/bot/inbox/actionable.ts';
import { judge as judgeOpened, type Standpoint } from '../../../../src/bot/inbox/judge.ts';
import { plain, type Protection } from '../../../../src/bot/crypto/protection.ts';
import { parseRoomId, parseUserId } from '../../../../src/core/ids.ts';

const room = parseRoomId('!room:lab.test');
const standpoint: Standpoint = {
  self: parseUserId('@bot:lab.test'),
  isListed: (user) => user === '@anna:lab.test',
  isActionable,
  isOurs: (event) => event === '$ours',
  isAskedAbout: (event) => event === '$asked',
  isAskedIn: (thread) => thread === '$asking',
  isEncrypted: () => false,
  accepts: () => ['command', 'answer', 'reaction'],
};

const judge = (event: unknown, ...where: [typeof room, Standpoint]) =>
  judgeOpened({ event, protection: plain }, ...where);

const event = (content: unknown, more: Record<string, unknown> = {}): unknown => ({
  event_id: '$e',
  sender: '@anna:lab.test',
  type: 'm.room.message',
  origin_server_ts: 1,
  unsigned: { age: 10 },
  content,
  ...more,
});
const text = (body: unknown, more: Record<string, unknown> = {}): unknown =>
  event({ msgtype: 'm.text', body, ...more });
const inputOf = (raw: unknown) => judge(raw, room, standpoint)?.observed.input;

describe('messages', () => {
  test('a command of a listed person is an input', () => {
    expect(inputOf(text('!help'))).toEqual({ kind: 'message', body: '!help' });
    expect(inputOf(text(' \u200B!help'))).toMatchObject({ kind: 'message' });
    expect(inputOf(text('！help'))).toMatchObject({ kind: 'message' });
    expect(inputOf(text('k7qx'))).toMatchObject({ kind: 'message' });
    expect(inputOf(text('good morning'))).toBeNull();
  });

  test.each(['m.notice', 'm.emote', 'm.image', 'm.file', ''])('[#7] not as %s', (msgtype) => {
    expect(inputOf(event({ msgtype, body: '!help' }))).toBeNull();
  });

  test('[#7] not from ourselves, and then it is an echo', () => {
    const own = judge(
      event(
        { msgtype: 'm.text', body: '!help', 'io.urtc.out': 'o1' },
        { sender: '@bot:lab.test', unsigned: { age: 1, transaction_id: 't1' } },
      ),
      room,
      standpoint,
    );
    expect(own).toMatchObject({
      observed: { input: null },
      echo: { out: 'o1', transactionId: 't1' },
      strangerBody: null,
    });
  });

  test("somebody else can't make an echo", () => {
    expect(judge(text('x', { 'io.urtc.out': 'o1' }), room, standpoint)?.echo).toBeNull();
  });

  test('[#8] not as an edit, also not as half of one', () => {
    const relation = { rel_type: 'm.replace', event_id: '$a' };
    expect(inputOf(text('* !help', { 'm.relates_to': relation }))).toBeNull();
    expect(inputOf(text('!help', { 'm.relates_to': relation }))).toBeNull();
    expect(inputOf(text('!help', { 'm.new_content': {} }))).toBeNull();
    expect(inputOf(text('!help', { 'm.new_content': null }))).toBeNull();
  });

  test('[#9] of a reply only the own words count', () => {
    const reply = { 'm.relates_to': { 'm.in_reply_to': { event_id: '$q' } } };
    expect(inputOf(text('> <@x:y> !user remove\n\n!help', reply))).toEqual({
      kind: 'message',
      body: '!help',
      replyTo: '$q',
    });
    expect(inputOf(text('> <@x:y> !user remove\n\nno', reply))).toBeNull();
  });

  test('a thread is known, and its fallback is no reply', () => {
    const thread = { rel_type: 'm.thread', event_id: '$root' };
    const to = { 'm.in_reply_to': { event_id: '$q' } };
    const falling = { ...thread, ...to, is_falling_back: true };
    expect(inputOf(text('!a', { 'm.relates_to': falling }))).toEqual({
      kind: 'message',
      body: '!a',
      thread: '$root',
    });
    expect(inputOf(text('!a', { 'm.relates_to': { ...thread, ...to } }))).toMatchObject({
      replyTo: '$q',
      thread: '$root',
    });
  });

  test('[#14] a stranger gives no input; what is a command is told', () => {
    const stranger = { sender: '@eve:lab.test' };
    const said = (body: string) =>
      judge(event({ msgtype: 'm.text', body }, stranger), room, standpoint);
    expect(said('!user add x')).toMatchObject({
      observed: { input: null },
      strangerBody: '!user add x',
    });
    expect(said('hello')?.strangerBody).toBeNull();
  });

  test('[#16] any words where a question of ours is answered are an input, elsewhere they are talk', () => {
    const reply = (to: string) => ({ 'm.in_reply_to': { event_id: to } });
    const inThread = (root: string, more = {}) => ({
      ...{ rel_type: 'm.thread', event_id: root, is_falling_back: true },
      ...more,
    });
    const yes = (relation: unknown) => inputOf(text('yes', { 'm.relates_to': relation }));
    expect(yes(reply('$ours'))).toMatchObject({ body: 'yes', replyTo: '$ours' });
    expect(yes(inThread('$ours'))).toMatchObject({ body: 'yes', thread: '$ours' });
    expect(yes(inThread('$asking'))).toMatchObject({ body: 'yes', thread: '$asking' });
    expect(yes(reply('$other'))).toBeNull();
    expect(yes(inThread('$other'))).toBeNull();
    const elsewhere = { is_falling_back: false, ...reply('$other') };
    expect(yes(inThread('$asking', elsewhere))).toBeNull();
    const eve = { content: { msgtype: 'm.text', body: 'yes', 'm.relates_to': reply('$ours') } };
    const judged = judge(event({}, { sender: '@eve:lab.test', ...eve }), room, standpoint);
    expect(judged).toMatchObject({ observed: { input: null }, strangerBody: null });
  });

  test('a state event is no message', () => {
    expect(inputOf(event({ msgtype: 'm.text', body: '!a' }, { state_key: '' }))).toBeNull();
  });
});

describe('reactions and redactions', () => {
  const reaction = (target: string, more = {}): unknown =>
    event(
      { 'm.relates_to': { rel_type: 'm.annotation', event_id: target, key: '❌' } },
      { type: 'm.reaction', ...more },
    );

  test('to our events, from listed people', () => {
    expect(inputOf(reaction('$ours'))).toEqual({ kind: 'reaction', key: '❌', target: '$ours' });
    expect(inputOf(reaction('$other'))).toBeNull();
    expect(inputOf(reaction('$ours', { sender: '@eve:lab.test' }))).toBeNull();
    expect(inputOf(reaction('$ours', { sender: '@bot:lab.test' }))).toBeNull();
  });

  test('a redaction of our event counts from whomever, in old and new room versions', () => {
    const redaction = (more: Record<string, unknown>): unknown =>
      event({}, { type: 'm.room.redaction', sender: '@eve:lab.test', ...more });
    const expected = { kind: 'redaction', target: '$ours' };
    expect(inputOf(redaction({ redacts: '$ours' }))).toEqual(expected);
    expect(inputOf(redaction({ content: { redacts: '$ours' } }))).toEqual(expected);
    expect(inputOf(redaction({ redacts: '$asked' }))).toMatchObject({ target: '$asked' });
    expect(inputOf(redaction({ redacts: '$other' }))).toBeNull();
  });
});

describe('[#34] age', () => {
  const ageOf = (unsigned: unknown) =>
    judge(event({}, { unsigned }), room, standpoint)?.observed.ageMs;

  test('is what the home server says, never negative, and old where it says nothing', () => {
    expect(ageOf({ age: 1234.4 })).toBe(1234);
    expect(ageOf({ age: -600_000 })).toBe(0);
    expect(ageOf({})).toBeGreaterThan(3_600_000);
    expect(ageOf({ age: 'new' })).toBeGreaterThan(3_600_000);
    expect(Number.isSafeInteger(ageOf({ age: Number.MAX_VALUE }))).toBe(true);
  });

  test('has nothing to do with origin_server_ts', () => {
    const raw = event({}, { origin_server_ts: 8e15, unsigned: { age: 5 } });
    expect(judge(raw, room, standpoint)?.observed.ageMs).toBe(5);
  });
});

describe('[#30] whatever comes', () => {
  test('without the frame of an event it is nothing', () => {
    for (const raw of [
      null,
      1,
      'x',
      [],
      {},
      event({}, { event_id: 'e' }),
      event({}, { type: 1 }),
    ]) {
      expect(judge(raw, room, standpoint)).toBeNull();
    }
  });

  test('wrong types in every place never throw and never become an input', () => {
    const keys = ['msgtype', 'm.relates_to', 'm.new_content', 'body'];
    fc.assert(
      fc.property(
        fc.constantFrom('m.room.message', 'm.reaction', 'm.room.redaction', 'm.room.member'),
        fc.dictionary(fc.constantFrom(...keys), fc.anything()),
        fc.anything(),
        (type, content, anything) => {
          const judged = judge(event(content, { type, unsigned: anything }), room, standpoint);
          const input = judged?.observed.input ?? null;
          expect(input === null || typeof content['body'] === 'string').toBe(true);
        },
      ),
    );
  });

  test('a wrong content is counted as such, a redacted one is not', () => {
    expect(judge(text({ no: 1 }), room, standpoint)?.isMalformed).toBe(true);
    expect(judge(event({}), room, standpoint)?.isMalformed).toBe(false);
    expect(judge(event('text'), room, standpoint)?.isMalformed).toBe(true);
  });
});

describe('in an encrypted room', () => {
  const there: Standpoint = { ...standpoint, isEncrypted: () => true };
  const sealed: Protection = { kind: 'sealed', message: { session: 's', index: 0 }, device: 'D' };
  const inputOfSealed = (raw: unknown, protection: Protection) =>
    judgeOpened({ event: raw, protection }, room, there)?.observed.input;

  test('a sealed command counts, one in clear does not and is noted', () => {
    expect(inputOfSealed(text('!help'), sealed)).toEqual({ kind: 'message', body: '!help' });
    expect(inputOfSealed(text('!help'), plain)).toBeNull();
    expect(judge(text('!help'), room, there)?.isInClear).toBe(true);
    expect(judge(text('good morning'), room, there)?.isInClear).toBe(false);
    expect(judgeOpened({ event: text('!help'), protection: sealed }, room, there)?.isInClear).toBe(
      false,
    );
  });

  test.each<Protection>([
    { kind: 'locked', reason: 'no-key' },
    { kind: 'rejected', reason: 'unsigned-device', device: null },
  ])('nothing follows from what is $kind, whatever its cover says', (protection) => {
    expect(inputOfSealed(text('!help'), protection)).toBeNull();
    expect(inputOfSealed(event({}, { type: 'm.room.encrypted' }), protection)).toBeNull();
  });

  test('only what is locked is kept for later', () => {
    const cover = event({ ciphertext: 'x' }, { type: 'm.room.encrypted' });
    const keptOf = (protection: Protection) =>
      judgeOpened({ event: cover, protection }, room, there)?.cover;
    expect(keptOf({ kind: 'locked', reason: 'no-key' })).toEqual(cover);
    expect(keptOf(sealed)).toBeNull();
    expect(keptOf({ kind: 'rejected', reason: 'damaged', device: null })).toBeNull();
  });
});

describe('rooms that do not take everything', () => {
  const inRoom = (accepts: ReturnType<Standpoint['accepts']>, raw: unknown) => {
    const judged = judge(raw, room, { ...standpoint, accepts: () => accepts });
    return { kind: judged?.observed.input?.kind ?? null, isElsewhere: judged?.isElsewhere };
  };
  const reply = { 'm.relates_to': { 'm.in_reply_to': { event_id: '$ours' } } };
  const said = {
    command: text('!help'),
    code: text('k7qx'),
    reply: text('2h new disk', reply),
    commandAsReply: text('!help', reply),
    reaction: event(
      { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$ours', key: '🔇' } },
      { type: 'm.reaction' },
    ),
    removal: event({ redacts: '$ours' }, { type: 'm.room.redaction' }),
  };

  test.each([
    ['command', [], null, true],
    ['code', [], null, true],
    ['reply', [], null, false],
    ['reaction', [], null, false],
    ['removal', [], 'redaction', false],
    ['command', ['reaction', 'answer'], null, true],
    ['commandAsReply', ['reaction', 'answer'], null, true],
    ['reply', ['reaction', 'answer'], 'message', false],
    ['reaction', ['reaction', 'answer'], 'reaction', false],
    ['command', ['command', 'answer'], 'message', false],
    ['code', ['command', 'answer'], 'message', false],
    ['reaction', ['command', 'answer'], null, false],
  ] as const)('%s where %o is accepted', (what, accepts, kind, isElsewhere) => {
    expect(inRoom(accepts, said[what])).toEqual({ kind, isElsewhere });
  });
});
