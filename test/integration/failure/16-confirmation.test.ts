import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bodyOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { askedBy, type Asked } from './asked.ts';
import { finalsIn } from './finals.ts';
import { MetBot } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let bob: Person;
let mallory: Person;
let bot: MetBot;
let room: string;
let people: { user: string; role: string }[];

beforeAll(async () => {
  lab = await startLab({ name: 'confirmation', people: ['alice', 'bob', 'mallory'] });
  alice = lab.person('alice');
  bob = lab.person('bob');
  mallory = lab.person('mallory');
  people = [
    { user: alice.userId, role: 'admin' },
    { user: bob.userId, role: 'admin' },
  ];
  bot = await MetBot.meet(lab, { people, entering: [alice, bob] });
  room = bot.room;
  await alice.invite(room, mallory.userId);
  await mallory.join(room);
});
afterAll(() => lab.stop());

let victims = 0;
let victim: string;
beforeEach(async () => {
  victims += 1;
  victim = `victim${victims}`;
  await register(lab.synapse.baseUrl, { localpart: victim });
});

const account = z.object({ deactivated: z.coerce.boolean() });
const pathOf = (localpart: string): string =>
  `/_synapse/admin/v2/users/${encodeURIComponent(`@${localpart}:lab.test`)}`;

const finalsTo = (person: Person, command: string): LabEvent[] =>
  finalsIn(person.timeline(room).events, command);

/** Whether the command has run, as the home server knows it. */
const isGone = async (localpart = victim): Promise<boolean> =>
  account.parse(await lab.admin.request({ path: pathOf(localpart) })).deactivated;

/** What somebody else does to the account, with the admin API. */
const meanwhile = (body: Readonly<Record<string, unknown>>): Promise<unknown> =>
  lab.admin.request({ method: 'PUT', path: pathOf(victim), body });

/** Gives the command and waits for the question. */
const asked = (person = alice, line = `!user deactivate ${victim}`): Promise<Asked> =>
  askedBy(person, room, line);

const reply = (person: Person, { prompt }: Asked, text: string): Promise<string> =>
  person.send(room, text, { reply: prompt.event_id });

/** The bot has dealt with everything up to here. */
const settled = (): Promise<unknown> => bob.ask(room, '!version');

/** Confirms properly and sees it done. */
async function confirmed(question: Asked): Promise<void> {
  await reply(alice, question, question.code);
  expect((await alice.answerTo(room, question.command)).outcome).toBe('ok');
  expect(await isGone()).toBe(true);
}

describe('[#16] only the first valid answer runs', () => {
  test("another person's code does not count, nor does that of a stranger; one's own does", async () => {
    const question = await asked();
    const since = bob.mark(room);
    const wrong = await reply(bob, question, question.code);
    expect((await bob.answerTo(room, wrong, { since })).body).toContain('E_CONFIRM_WRONG_PERSON');
    const alone = await bob.send(room, question.code);
    expect((await bob.answerTo(room, alone)).body).toContain('E_CONFIRM_WRONG_PERSON');
    const foreign = await reply(mallory, question, question.code);
    await settled();
    expect(finalsTo(alice, foreign)).toEqual([]);
    expect(await isGone()).toBe(false);
    await confirmed(question);
  });

  test('reactions in a room that is not trusted: ✅ by anybody does nothing, ❌ only by the asker', async () => {
    const question = await asked();
    for (const person of [alice, bob, mallory]) {
      for (const key of ['✅', '✅\ufe0f', '👍', question.code]) {
        await person.react(room, question.prompt.event_id, key);
      }
    }
    for (const person of [bob, mallory]) await person.react(room, question.prompt.event_id, '❌');
    await settled();
    expect(await isGone()).toBe(false);
    expect(finalsTo(alice, question.command)).toEqual([]);
    await alice.react(room, question.prompt.event_id, '❌');
    expect((await alice.answerTo(room, question.command)).outcome).toBe('cancelled');
    await reply(alice, question, question.code);
    await settled();
    expect(await isGone()).toBe(false);
  });

  test("the bot's own events confirm nothing, whatever a bare token of it sends", async () => {
    const question = await asked();
    const token = bot.account.accessToken;
    const send = (type: string, body: Readonly<Record<string, unknown>>): Promise<unknown> =>
      alice.request({
        method: 'PUT',
        path: `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/${type}/${type}${victim}`,
        token,
        body,
      });
    const target = question.prompt.event_id;
    await send('m.reaction', {
      'm.relates_to': { rel_type: 'm.annotation', event_id: target, key: '✅' },
    });
    await send('m.room.message', {
      msgtype: 'm.text',
      body: question.code,
      'm.relates_to': { 'm.in_reply_to': { event_id: target } },
    });
    await settled();
    expect(await isGone()).toBe(false);
    await confirmed(question);
  });

  test("a forged question with the bot's own content is no question", async () => {
    const question = await asked();
    await alice.send(room, `!cancel ${String(question.prompt.content['io.urtc.prompt'])}`);
    await alice.answerTo(room, question.command);
    const forged = await mallory.putEvent(room, 'm.room.message', question.prompt.content);
    for (const person of [alice, bob]) {
      await person.send(room, question.code, { reply: forged });
      await person.react(room, forged, '✅');
    }
    await settled();
    expect(await isGone()).toBe(false);
  });

  test('a reply to a forged question beside the true one confirms nothing, whoever gives it', async () => {
    const question = await asked();
    const forged = await bob.putEvent(room, 'm.room.message', {
      ...question.prompt.content,
      body: `Reply with ${question.code}`,
    });
    for (const person of [bob, alice]) await person.send(room, question.code, { reply: forged });
    await settled();
    expect(await isGone()).toBe(false);
    await confirmed(question);
  });

  test('the code twice, and then ❌: one run', async () => {
    const question = await asked();
    const [, second] = await Promise.all([1, 2].map(() => reply(alice, question, question.code)));
    await alice.react(room, question.prompt.event_id, '❌');
    expect((await alice.answerTo(room, question.command)).outcome).toBe('ok');
    await settled();
    expect(finalsTo(alice, question.command)).toHaveLength(1);
    expect(finalsTo(alice, second ?? '').length).toBeLessThanOrEqual(1);
    const runs = lab.proxy.log.all({ method: 'POST', path: /\/admin\/v1\/deactivate\// });
    expect(runs.filter((run) => run.path.includes(victim))).toHaveLength(1);
  });

  test('❌ and then the code: no run', async () => {
    const question = await asked();
    await alice.react(room, question.prompt.event_id, '❌');
    await reply(alice, question, question.code);
    expect((await alice.answerTo(room, question.command)).outcome).toBe('cancelled');
    await settled();
    expect(await isGone()).toBe(false);
  });

  test('other words said to the question are answered and no guess; said to the room they are talk', async () => {
    const question = await asked();
    for (const word of ['yes', 'no', 'what?', 'K7Q', 'please', 'yes']) {
      const { body } = await alice.answerTo(room, await reply(alice, question, word));
      expect(body).toMatch(new RegExp(`${question.code}.*E_CONFIRM_NOT_A_CODE`, 's'));
    }
    const talk = [await alice.send(room, 'yes'), await reply(bob, question, 'yes')];
    await confirmed(question);
    expect(talk.flatMap((event) => finalsTo(alice, event))).toEqual([]);
  });

  test('five wrong codes withdraw it', async () => {
    const question = await asked();
    const digits = ['2', '3', '4', '5', '6', '7'].filter((each) => !question.code.includes(each));
    for (const digit of digits.concat('8', '9').slice(0, 5)) {
      await reply(alice, question, `BCD${digit}`);
    }
    expect((await alice.answerTo(room, question.command)).outcome).toBe('refused');
    await reply(alice, question, question.code);
    await settled();
    expect(await isGone()).toBe(false);
  });

  test.each(['prompt', 'command'] as const)(
    'the %s removed: the right code comes too late',
    async (what) => {
      const question = await asked();
      const target = what === 'prompt' ? question.prompt.event_id : question.command;
      await alice.redact(room, target);
      expect((await alice.answerTo(room, question.command)).outcome).toBe('cancelled');
      await reply(alice, question, question.code);
      await settled();
      expect(await isGone()).toBe(false);
    },
  );

  test('an edited command or an edited answer is the first one still', async () => {
    const question = await asked();
    const other = `${victim}-other`;
    await register(lab.synapse.baseUrl, { localpart: other });
    await alice.edit(room, question.command, `!user deactivate ${other}`);
    const talk = await alice.send(room, 'hm');
    await alice.edit(room, talk, question.code);
    await settled();
    expect(await isGone()).toBe(false);
    await confirmed(question);
    expect(await isGone(other)).toBe(false);
  });

  test('a restart in between: the question stands, its code counts once, its old prompt cancels', async () => {
    const question = await asked();
    const refused = await asked(alice, `!user deactivate ${victim} --erase`);
    await bot.kill9();
    await reply(alice, question, question.code);
    await bot.start();
    expect((await alice.answerTo(room, question.command)).outcome).toBe('ok');
    expect(await isGone()).toBe(true);
    await alice.react(room, refused.prompt.event_id, '❌');
    expect((await alice.answerTo(room, refused.command)).outcome).toBe('cancelled');
    expect(finalsTo(alice, question.command)).toHaveLength(1);
  });
});

describe('[#17] what was shown is what runs', () => {
  test('the question names the target as it is', async () => {
    await meanwhile({ displayname: '<b>Vic</b>' });
    const { prompt } = await asked();
    expect(bodyOf(prompt)).toContain(`@${victim}:lab.test`);
    expect(bodyOf(prompt)).toContain('<b>Vic</b>');
    expect(String(prompt.content['formatted_body'])).toContain('&lt;b&gt;Vic&lt;/b&gt;');
  });

  test.each([
    ['renamed', { displayname: 'Somebody else' }, 'E_CONFIRM_CHANGED'],
    ['locked', { locked: true }, 'E_CONFIRM_CHANGED'],
    ['deactivated', { deactivated: true }, 'E_USER_DEACTIVATED_ALREADY'],
    ['made a server admin', { admin: true }, 'E_ACCOUNT_PROTECTED_ADMIN'],
  ])('%s by somebody else in between: nothing is done', async (_how, change, code) => {
    const question = await asked();
    await meanwhile(change);
    lab.proxy.log.clear();
    await reply(alice, question, question.code);
    const answer = await alice.answerTo(room, question.command);
    expect(answer.outcome).not.toBe('ok');
    expect(answer.body).toContain(code);
    expect(lab.proxy.log.count({ method: 'POST', path: /\/admin\/v1\/deactivate\// })).toBe(0);
  });
});

describe('[#12] the list of people is asked again when it runs', () => {
  test('removed from it between question and answer: denied; the answer of a stranger has no echo', async () => {
    const question = await asked(bob);
    const withoutBob = people.filter(({ user }) => user !== bob.userId);
    await lab.configureBot({
      ...{ name: bot.name, account: bot.account, people: withoutBob },
    });
    expect((await alice.ask(room, '!config reload')).outcome).toBe('ok');
    const late = await reply(bob, question, question.code);
    await alice.ask(room, '!version');
    expect(await isGone()).toBe(false);
    expect(finalsTo(bob, late)).toEqual([]);
    const talk = await bob.send(room, '!user list');
    await alice.ask(room, '!version');
    expect(finalsTo(bob, talk)).toEqual([]);

    // A lower role denies it as well, in words.
    const second = await asked(alice);
    await lab.configureBot({
      ...{ name: bot.name, account: bot.account },
      people: [
        { user: alice.userId, role: 'viewer' },
        { user: bob.userId, role: 'admin' },
      ],
    });
    expect((await alice.ask(room, '!config reload')).outcome).toBe('ok');
    await reply(alice, second, second.code);
    expect((await alice.answerTo(room, second.command)).body).toContain('E_ROLE_TOO_LOW');
    expect(await isGone()).toBe(false);
  });
});

describe('[#16] time', () => {
  const ttlSeconds = 10;
  const restarted = async (confirmation: Readonly<Record<string, unknown>>): Promise<void> => {
    await bot.term();
    await bot.start({ people, settings: { confirmation } });
  };

  test('after its time the code is late, also when the bot slept over it', async () => {
    await restarted({ ttlSeconds });
    const late = await asked();
    expect((await alice.answerTo(room, late.command)).outcome).toBe('cancelled');
    const answer = await reply(alice, late, late.code);
    expect((await alice.answerTo(room, answer)).body).toContain('E_CONFIRM_EXPIRED');

    const slept = await asked();
    const over = performance.now() + ttlSeconds * 1000;
    await bot.kill9();
    const isOver = (): true | undefined => (performance.now() > over ? true : undefined);
    await until('the end of its time', isOver, { timeoutMs: 20_000 });
    const unread = await reply(alice, slept, slept.code);
    await bot.start({ people });
    expect((await alice.answerTo(room, slept.command)).outcome).toBe('cancelled');
    expect((await alice.answerTo(room, unread)).body).toContain('E_CONFIRM_EXPIRED');
    await settled();
    expect(await isGone()).toBe(false);
  });
});
