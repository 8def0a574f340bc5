import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf } from '../../../src/commands/command-index.ts';
import { commands } from '../../../src/commands/nouns/index.ts';
import type { Answer } from '../../lab/answer.ts';
import type { BotProcess } from '../../lab/bot-process.ts';
import { relationOf, repliesTo } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { urtc } from '../../lab/product.ts';
import { eventFaults } from './said.ts';

let lab: Lab;
let alice: Person;
let zhang: Person;
let room: string;
let configFile: string;
let running: BotProcess;
const people = [
  { user: '@alice:lab.test', role: 'admin' },
  { user: '@zhang:lab.test', role: 'admin' },
] as const;
beforeAll(async () => {
  lab = await startLab({ name: 'languages', people: ['alice', 'zhang'] });
  running = await lab.startBot({ people });
  ({ configFile } = running);
  room = await lab.enterAdminRoom();
  [alice, zhang] = [lab.person('alice'), lab.person('zhang')];
});
afterAll(() => lab.stop());

const chinese = /\p{Script=Han}/u;
/** Lines of a read that are words of ours, not names, commands, numbers or moments. */
const english = /\b(the|is|are|what|shows?|done|failed|refused|error|code|role|account)\b/i;

/** Words that have to stay as they are: what is typed, and what is data. */
const kept = (body: string): string =>
  body
    .replaceAll(
      /`[^`]*`|"[^"]*"|@[\w.:-]+|E_[A-Z_]+|--?[\w-]+(=\S+)?|![a-z]+( [a-z]+)?|[\w.-]+:.*example.*/g,
      '',
    )
    .replaceAll(/^.*[!~^].*$|命令：[^·]*/gm, '');

const lines = [
  '!help',
  '!help user deactivate',
  '!status',
  '!whoami',
  '!user show alice',
  '!user list',
  '!jobs',
  '!audit verify',
  '!nonsense',
  '!user add',
  '!user add Not*A*Name',
  '!user show nobody-here',
  '!user deactivate urtc',
  '!secret show 1234-5678',
] as const;

describe('two people in one room', () => {
  it('are each answered in the language that they chose, errors and help as well', async () => {
    expect((await zhang.ask(room, '!language zh')).outcome).toBe('ok');
    const wrong: string[] = [];
    let inEnglish = 0;
    const askAll = (person: Person): Promise<Answer[]> =>
      Promise.all(lines.map((line) => person.ask(room, line)));
    const [inChinese, inTheOther] = [await askAll(zhang), await askAll(alice)];
    for (const [i, line] of lines.entries()) {
      const [hers, his] = [inChinese[i], inTheOther[i]];
      if (hers === undefined || his === undefined) throw new Error('one answer each');
      if (!chinese.test(hers.body)) wrong.push(`${line}: not in Chinese: ${hers.body}`);
      if (english.test(kept(hers.body))) wrong.push(`${line}: English in: ${kept(hers.body)}`);
      if (english.test(kept(his.body))) inEnglish += 1;
      if (chinese.test(his.body.replaceAll('简体中文', ''))) wrong.push(`${line}: not in English`);
    }
    expect(wrong).toEqual([]);
    // What finds English in a Chinese answer does find it where it is.
    expect(inEnglish).toBeGreaterThan(lines.length - 3);
  });

  it('[P137] have help on every command in theirs', async () => {
    const wrong: string[] = [];
    const inRoom = commands.filter((each) => each.surface !== 'terminal');
    const names = inRoom.map(nameOf);
    const answers = await Promise.all(names.map((name) => zhang.ask(room, `!help ${name}`)));
    for (const [i, { body }] of answers.entries()) {
      if (!chinese.test(body)) wrong.push(names[i] ?? '');
      if (english.test(kept(body))) wrong.push(`${names[i] ?? ''}: ${kept(body)}`);
      for (const flag of Object.keys(inRoom[i]?.flags ?? {}))
        if (!body.includes(`--${flag.slice(0, 4)}`)) wrong.push(`${names[i] ?? ''}: no --${flag}`);
    }
    expect(wrong).toEqual([]);
  });

  it('a question about consent is in the language of whoever is asked', async () => {
    await alice.ask(room, '!user add pupil');
    const since = zhang.mark(room);
    const command = await zhang.send(room, '!user deactivate pupil');
    const prompt = await zhang.waitFor(room, (event) => 'io.urtc.prompt' in event.content, {
      since,
    });
    expect(JSON.stringify(prompt.content['body'])).toMatch(chinese);
    await zhang.react(room, prompt.event_id, '❌');
    expect((await zhang.answerTo(room, command, { since })).body).toMatch(chinese);
  });

  it('the choice survives a restart; who chose nothing has the language of the config', async () => {
    await restart({ language: 'zh' });
    expect((await zhang.ask(room, '!whoami')).body).toContain('简体中文');
    expect((await alice.ask(room, '!whoami')).body).toMatch(chinese);
    expect((await alice.ask(room, '!language en')).outcome).toBe('ok');
    expect((await alice.ask(room, '!whoami')).body).not.toMatch(chinese);
    await restart({ language: 'en' });
    expect((await zhang.ask(room, '!whoami')).body).toContain('简体中文');
    expect((await alice.ask(room, '!whoami')).body).toContain('English');
  });

  it('on the terminal --lang or the locale decides, then the config', async () => {
    const whoami = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
      (await urtc(['whoami', ...args, '--config', configFile], { env })).stdout;
    expect(await whoami(['--lang', 'zh'])).toContain('简体中文');
    expect(await whoami([], { LANG: 'zh_CN.UTF-8' })).toContain('简体中文');
    expect(await whoami([], { LC_ALL: 'en_GB.UTF-8', LANG: 'zh_CN.UTF-8' })).toContain('English');
    const wrong = await urtc(['user', 'lst', '--lang', 'zh', '--config', configFile]);
    expect(wrong.stdout).toMatch(chinese);
    expect((await urtc(['--help', '--lang', 'zh'])).stdout).toMatch(chinese);
  });
});

async function restart(settings: Readonly<Record<string, unknown>>): Promise<void> {
  await running.term();
  running = await lab.startBot({ people, settings });
}

describe('a thread', () => {
  it('is answered in: `!help` there, with the fallback for clients that know none', async () => {
    const root = await alice.send(room, 'let us talk here');
    const answer = await alice.ask(room, '!help', { thread: root });
    expect(relationOf(answer.event)).toEqual({
      rel_type: 'm.thread',
      event_id: root,
      is_falling_back: true,
      'm.in_reply_to': { event_id: answer.commandId },
    });
    expect(answer.outcome).toBe('ok');
  });

  it('keeps all that belongs to a command: status, question, answer, errors', async () => {
    await alice.ask(room, '!user add threaded');
    // With the whole budget before it: a status message is chatter that can be held back.
    await restart({});
    const root = await alice.send(room, 'another one');
    const since = alice.mark(room);
    const slow = lab.proxy.add({
      match: { path: /\/_synapse\/admin\/v2\/users$/ },
      fault: { action: 'delay', ms: 6000 },
    });
    const listed = await alice.ask(room, '!user list', { thread: root });
    slow.remove();
    expect(listed.status.length).toBeGreaterThan(0);
    expect((await alice.ask(room, '!nonsense', { thread: root })).outcome).toBe('failed');
    const command = await alice.send(room, '!user deactivate threaded', { thread: root });
    const prompt = await alice.waitFor(room, (event) => 'io.urtc.prompt' in event.content, {
      since,
    });
    await alice.react(room, prompt.event_id, '❌');
    await alice.answerTo(room, command, { since });
    const said = alice
      .timeline(room)
      .filter((event) => event.sender === lab.botAccount.userId, since)
      .filter((event) => event.type === 'm.room.message')
      .filter((event) => relationOf(event).rel_type !== 'm.replace');
    expect(said.length).toBeGreaterThanOrEqual(5);
    expect(said.filter((event) => relationOf(event).event_id !== root)).toEqual([]);
  });

  it('is not opened where none was: an answer is a plain reply', async () => {
    const answer = await alice.ask(room, '!version');
    expect(relationOf(answer.event)).toEqual({ 'm.in_reply_to': { event_id: answer.commandId } });
    expect(repliesTo(answer.event)).toBe(answer.commandId);
  });

  it('everything that was said is proper Matrix: notices, no mentions, tags of the list, no table', async () => {
    const said = (await alice.messages(room)).filter(
      (event) => event.sender === lab.botAccount.userId,
    );
    expect(said.length).toBeGreaterThan(50);
    expect(said.flatMap(eventFaults)).toEqual([]);
  });
});
