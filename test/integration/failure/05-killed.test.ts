import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { BotProcess } from '../../lab/bot-process.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import type { Fault, RequestMatch } from '../../lab/proxy/rules.ts';
import { login } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { accountOf, changeOf, makeByHand, passwordOf } from './accounts.ts';
import { finalCount } from './finals.ts';

let lab: Lab;
let bot: BotProcess;
let room: string;
let alice: Person;

beforeAll(async () => {
  lab = await startLab({ name: 'killed' });
  bot = await lab.startBot();
  room = await lab.enterAdminRoom();
  alice = lab.person('alice');
});
afterEach(() => {
  lab.proxy.clear();
});
afterAll(() => lab.stop());

/** The home server does it, but its answer stays on the way for longer than the bot lives. */
const answerOnTheWay: Fault = { action: 'trickle', bytes: 1, everyMs: 30_000 };
/** The home server never hears of it. */
const requestOnTheWay: Fault = { action: 'hang' };

/** Sends a command and kills the bot while the first request that matches is under way. */
const killIn = async (
  text: string,
  match: RequestMatch,
  fault: Fault,
  done: () => Promise<boolean> = () => Promise.resolve(true),
) => {
  const since = alice.mark(room);
  const rule = lab.proxy.add({ match, fault, times: 1 });
  const command = await alice.send(room, text);
  await until(
    'the step is under way',
    async () => (rule.hits === 1 && (await done()) ? true : undefined),
    { timeoutMs: 20_000 },
  );
  expect(await bot.kill9()).toEqual({ code: null, signal: 'SIGKILL' });
  lab.proxy.clear();
  return { command, since };
};

/** What the next life of the bot makes of it. */
const afterRestart = async ({ command, since }: { command: string; since: number }) => {
  const begun = lab.proxy.log.count();
  bot = await lab.startBot();
  const answer = await alice.answerTo(room, command, { since });
  // What comes after it has come after everything that the restart had to do.
  await alice.ask(room, '!version');
  expect(await finalCount(alice, room, command)).toBe(1);
  return { answer, requests: () => lab.proxy.log.all().slice(begun) };
};

const isChange = ({ method }: { readonly method: string }): boolean => method !== 'GET';
const countOf = (requests: readonly { method: string; path: string }[], { path }: RequestMatch) =>
  requests.filter((request) => isChange(request) && path?.test(request.path) === true).length;

it('[#5] killed after the home server made the account: it is found done and not made again', async () => {
  const killed = await killIn('!user add made', changeOf('made'), answerOnTheWay, async () => {
    return (await accountOf(lab, 'made')) !== undefined;
  });
  const { answer, requests } = await afterRestart(killed);
  expect(answer.outcome).toBe('ok');
  expect(countOf(requests(), changeOf('made'))).toBe(0);
  expect(countOf(requests(), passwordOf('made'))).toBe(1);
});

it('[#5] killed before the home server heard of it: it is found not done, and done once', async () => {
  const killed = await killIn('!user add unheard', changeOf('unheard'), requestOnTheWay);
  expect(await accountOf(lab, 'unheard')).toBeUndefined();
  const { answer, requests } = await afterRestart(killed);
  expect(answer.outcome).toBe('ok');
  expect(await accountOf(lab, 'unheard')).toBeDefined();
  expect(countOf(requests(), changeOf('unheard'))).toBe(1);
});

it('[#5] killed while nobody can tell who made the account: the room is told, nothing is touched', async () => {
  const killed = await killIn('!user add whose', changeOf('whose'), requestOnTheWay);
  await makeByHand(lab, 'whose', { password: 'by hand', displayname: 'Made by hand' });
  const { answer, requests } = await afterRestart(killed);
  expect(answer.outcome).toBe('unknown');
  expect(answer.body).toContain('not known whether the step “make the account” was done');
  expect(
    requests()
      .filter(isChange)
      .filter(({ path }) => path.includes('whose')),
  ).toEqual([]);
  expect((await login(lab.synapse.baseUrl, 'whose', 'by hand')).userId).toContain('whose');
  expect(await accountOf(lab, 'whose')).toMatchObject({ displayname: 'Made by hand' });
});

it('[#5] killed while a lock was on the way back: it is locked, by one request', async () => {
  await makeByHand(lab, 'shut', {});
  const killed = await killIn('!user lock shut', changeOf('shut'), answerOnTheWay, async () => {
    return (await accountOf(lab, 'shut'))?.locked === true;
  });
  const { answer, requests } = await afterRestart(killed);
  expect(answer.outcome).toBe('ok');
  expect(countOf(requests(), changeOf('shut'))).toBe(0);
});

it('[#5] killed while the password was on the way: the same one is set again, and only that step', async () => {
  const killed = await killIn('!user add keyed', passwordOf('keyed'), requestOnTheWay);
  const before = lab.proxy.log.all(passwordOf('keyed')).map(({ body }) => body);
  const { answer, requests } = await afterRestart(killed);
  expect(answer.outcome).toBe('ok');
  expect(countOf(requests(), changeOf('keyed'))).toBe(0);
  const both = lab.proxy.log.all(passwordOf('keyed')).map(({ body }) => body);
  expect([before.length, both.length, new Set(both).size]).toEqual([1, 2, 1]);
});

it('[#5] killed before it could answer a read: it is read again, with one answer', async () => {
  const killed = await killIn(
    '!user list',
    { method: 'GET', path: /^\/_synapse\/admin\/v2\/users$/ },
    requestOnTheWay,
  );
  const { answer } = await afterRestart(killed);
  expect(answer.outcome).toBe('ok');
  expect(answer.body).toContain('alice');
});
