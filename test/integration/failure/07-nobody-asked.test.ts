import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { isFinal } from '../../lab/answer.ts';
import { PlainClient } from '../../lab/client.ts';
import { repliesTo, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { askedBy } from './asked.ts';
import { finalCount } from './finals.ts';
import { MetBot, type Order } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let bot: MetBot;
let room: string;
let since: number;
let order: Order;

beforeAll(async () => {
  lab = await startLab({ name: 'nobody-asked' });
  alice = lab.person('alice');
  bot = await MetBot.meet(lab);
  room = bot.room;
});
beforeEach(() => {
  since = alice.mark(room);
  order = bot.order();
});
afterAll(() => lab.stop());

/** Only these commands were answered since the test began; the order was carried out so often. */
async function expectOnlyAnswered(runs: number, ...commands: readonly string[]): Promise<void> {
  const last = await alice.ask(room, '!version');
  const answered = bot.said(alice, since).map(repliesTo);
  expect(answered).toEqual([...commands, last.commandId]);
  expect(await bot.runsOf(order)).toBe(runs);
}

test('[#7] what is no plain message of a person, with a command in it: silence', async () => {
  for (const msgtype of ['m.notice', 'm.emote', 'm.file', 'm.image', 'm.location', 'x.unknown']) {
    await alice.send(room, order.line, { msgtype });
  }
  const content = { msgtype: 'm.text', body: order.line };
  for (const type of ['m.sticker', 'm.room.messages', 'io.urtc.command']) {
    await alice.putEvent(room, type, content);
  }
  await expectOnlyAnswered(0);
});

test('[#7] the bot’s own account with another device, be it listed as an admin: silence', async () => {
  await bot.term();
  await bot.start({
    people: [alice.userId, bot.userId].map((user) => ({ user, role: 'admin' })),
  });
  since = alice.mark(room);
  const own = new PlainClient(lab.synapse.baseUrl, bot.account);
  const sent = [
    await own.send(room, order.line),
    await own.send(room, order.line, { msgtype: 'm.notice' }),
  ];
  const last = await alice.ask(room, '!version');
  const answers = bot.said(alice, since).filter((event) => !sent.includes(event.event_id));
  expect(answers.map(repliesTo)).toEqual([last.commandId]);
  expect(await bot.runsOf(order)).toBe(0);
  await bot.term();
  await bot.start();
});

test('[#7] another bot says “!help”: silence, be it listed or not', async () => {
  const other = new PlainClient(
    lab.synapse.baseUrl,
    await register(lab.synapse.baseUrl, { localpart: 'echo' }),
  );
  await alice.invite(room, other.userId);
  await other.join(room);
  await alice.waitFor(room, bot.says('not on the list of people'), { since });
  since = alice.mark(room);
  await other.send(room, '!help');
  await other.send(room, '!help', { msgtype: 'm.notice' });
  await expectOnlyAnswered(0);
  await bot.term();
  const people = [alice.userId, other.userId].map((user) => ({ user, role: 'admin' }));
  await bot.start({ people });
  since = alice.mark(room);
  await other.send(room, '!help', { msgtype: 'm.notice' });
  await expectOnlyAnswered(0);
  await bot.term();
  // Before the next life, which would warn of whoever is not listed any more.
  await alice.kick(room, other.userId);
  await bot.start();
});

const answeredBy = ({ userId }: MetBot, command: string): Promise<LabEvent> =>
  alice.waitFor(
    room,
    (event) => event.sender === userId && repliesTo(event) === command && isFinal(event),
  );

test('[#7] two bots that face and trust each other answer a person once each, and nothing grows', async () => {
  const twin = await MetBot.unborn(lab);
  const people = [alice.userId, bot.userId, twin.userId].map((user) => ({ user, role: 'admin' }));
  await bot.term();
  await bot.start({ people });
  await alice.invite(room, twin.userId);
  await twin.start({ people, settings: { adminRoom: room } });
  twin.room = room;
  // What a bot says of its own accord at its first start.
  await twin.introduced(alice);
  since = alice.mark(room);
  const commands: string[] = [];
  for (const line of ['!help', 'no command', '!nonsense', order.line, '!user deactivate alice']) {
    const command = await alice.send(room, line);
    if (!line.startsWith('!')) continue;
    commands.push(command);
    for (const each of [bot, twin]) {
      await answeredBy(each, command);
    }
  }
  for (const each of [bot, twin]) {
    // Whatever one could have made the other say is there when both have answered once more.
    const marker = await alice.send(room, '!version');
    commands.push(marker);
    for (const one of [bot, twin]) {
      await answeredBy(one, marker);
    }
    expect(new Set(each.said(alice, since).map(repliesTo)), each.name).toEqual(new Set(commands));
  }
  for (const command of commands) expect(await finalCount(alice, room, command)).toBe(2);
  expect(await bot.runsOf(order)).toBe(2);
  await twin.term();
  await alice.kick(room, twin.userId);
  await bot.term();
  await bot.start();
});

test('[#8] edits never execute: not of talk, not of a typo, not of what was carried out', async () => {
  const hi = await alice.send(room, 'hi');
  await alice.edit(room, hi, order.line);
  const typo = await alice.ask(room, order.line.replace('create', 'craete'));
  expect(typo.outcome).toBe('failed');
  await alice.edit(room, typo.commandId, order.line);
  const good = await alice.ask(room, order.line);
  expect(good.outcome).toBe('ok');
  await alice.edit(room, good.commandId, order.line);
  await alice.send(room, order.line, {
    content: { 'm.new_content': { msgtype: 'm.text', body: order.line } },
  });
  // As some clients write it: the body without a star, so that it looks like a command of its own.
  await alice.send(room, order.line, {
    content: { 'm.relates_to': { rel_type: 'm.replace', event_id: hi } },
  });
  await expectOnlyAnswered(1, typo.commandId, good.commandId);
});

test('[#8] an edit while the bot is away: the command as it was first sent runs', async () => {
  await bot.term();
  const command = await alice.send(room, order.line);
  await alice.edit(room, command, '!user deactivate alice');
  const talk = await alice.send(room, 'talk');
  await alice.edit(room, talk, order.line);
  await bot.start();
  expect((await alice.answerTo(room, command)).outcome).toBe('ok');
  await expectOnlyAnswered(1, command);
});

test('[#9] of a reply only the new text counts, in all the ways in which clients quote', async () => {
  const talk = await alice.send(room, 'look at this');
  const quoted = `> <${alice.userId}> ${order.line}\n> ${order.line}`;
  await alice.send(room, `${quoted}\n\nreally?`, { reply: talk });
  await alice.send(room, `${quoted}\n\nreally?`);
  await alice.send(room, quoted, { reply: talk });
  await alice.send(room, `really?\n\n${quoted}`, { reply: talk });
  await alice.send(room, `${quoted}\n\nreally?`, {
    reply: talk,
    formatted: `<mx-reply><blockquote>${order.line}</blockquote></mx-reply>really?`,
  });
  const asked = await alice.ask(room, `${quoted}\n\n!whoami`, { reply: talk });
  expect(asked.body).toContain(alice.userId);
  await expectOnlyAnswered(0, asked.commandId);
});

test('[#9] a quoted code confirms nothing; the own words do', async () => {
  await lab.newPerson('bert');
  const { command, prompt: question, code } = await askedBy(alice, room, '!user deactivate bert');
  expect(code).toMatch(/^[A-Z\d]{4}$/);
  await alice.send(room, `> <${bot.userId}> ${code}\n\nwhat is that?`, {
    reply: question.event_id,
  });
  await alice.send(room, `> ${code}`, { reply: question.event_id });
  await alice.ask(room, '!version');
  expect(await finalCount(alice, room, command)).toBe(0);
  await alice.send(room, `> <${bot.userId}> wrong\n\n${code}`, { reply: question.event_id });
  expect((await alice.answerTo(room, command)).outcome).toBe('ok');
});

test('[#7] what only says that it is encrypted: the room is told once, and nothing runs', async () => {
  const content = { msgtype: 'm.text', body: order.line };
  const raw = new PlainClient(lab.synapse.baseUrl, alice.account);
  for (let i = 0; i < 3; i += 1) await raw.putEvent(room, 'm.room.encrypted', content);
  const told = await alice.waitFor(room, bot.says('it is damaged or forged'), { since });
  const last = await alice.ask(room, '!version');
  expect(bot.said(alice, since).map(repliesTo)).toEqual([repliesTo(told), last.commandId]);
  expect(await bot.runsOf(order)).toBe(0);
});
