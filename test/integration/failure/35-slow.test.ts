import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { isStatus } from '../../lab/answer.ts';
import type { BotProcess } from '../../lab/bot-process.ts';
import { bodyOf, relationOf, type LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { until } from '../../lab/wait.ts';
import { accountOf, changeOf, makeByHand, passwordOf } from './accounts.ts';
import { finalCount } from './finals.ts';
import { jobsNow } from './jobs-now.ts';

let lab: Lab;
let bot: BotProcess;
let room: string;
let alice: Person;

beforeAll(async () => {
  lab = await startLab({ name: 'slow', people: ['alice', 'bob'] });
  bot = await lab.startBot();
  room = await lab.enterAdminRoom();
  alice = lab.person('alice');
});
afterEach(() => {
  lab.proxy.clear();
});
afterAll(() => lab.stop());

/** The jobs of these command lines in these states, as soon as the bot has all of them. */
const jobsFor = async (
  wanted: readonly (readonly [line: string, state: 'queued' | 'running'])[],
): Promise<readonly string[]> =>
  until(
    'the jobs',
    async () => {
      const now = await jobsNow(bot.configFile);
      const found = wanted.flatMap(([line, state]) => {
        const job = now.get(line);
        return job?.state === `jobs.state.${state}` ? [job.job] : [];
      });
      return found.length === wanted.length ? found : undefined;
    },
    { timeoutMs: 30_000 },
  );

/** Sends a command whose first request of this kind hangs. */
const hangIn = async (text: string, match: ReturnType<typeof changeOf>) => {
  const since = alice.mark(room);
  const rule = lab.proxy.add({ match, fault: { action: 'hang' }, times: 1 });
  const command = await alice.send(room, text);
  await until('it hangs', () => (rule.hits === 1 ? true : undefined), { timeoutMs: 20_000 });
  return { command, since };
};

it('[#35] 👀 and one status message after half a second, edited; then the answer, once', async () => {
  const since = alice.mark(room);
  // Each step lasts until the room was told of it, however slow the machine is.
  const isOf = (step: string) => (event: LabEvent) =>
    isStatus(event) && bodyOf(event).includes(step);
  const toldOf = (step: string) => alice.waitFor(room, isOf(step), { since });
  const [firstTold, secondTold] = [toldOf(''), toldOf('set the password')];
  for (const [match, told] of [
    [changeOf('steps'), firstTold],
    [passwordOf('steps'), secondTold],
  ] as const) {
    lab.proxy.add({ match, fault: { action: 'hold', until: told }, times: 1 });
  }
  const command = await alice.send(room, '!user add steps');
  const asked = await alice.sees(room, command);
  await Promise.all([firstTold, secondTold]);
  const answer = await alice.answerTo(room, command, { since });
  expect(answer.outcome).toBe('ok');
  const [first, ...edits] = answer.status;
  expect(first).toBeDefined();
  expect(relationOf(first ?? asked).rel_type).toBeUndefined();
  // By the home server's clock: not before half a second of work.
  const waited = (first?.origin_server_ts ?? 0) - asked.origin_server_ts;
  expect(waited).toBeGreaterThanOrEqual(450);
  expect(edits.length).toBeGreaterThanOrEqual(1);
  expect(edits.length).toBeLessThanOrEqual(3);
  for (const edit of edits) {
    expect(relationOf(edit)).toMatchObject({ rel_type: 'm.replace', event_id: first?.event_id });
  }
  expect(edits.map(bodyOf).join('\n')).toContain('set the password');
  const isEyes = (event: LabEvent): boolean =>
    relationOf(event).event_id === command && relationOf(event).key === '👀';
  const eyes = alice.timeline(room).filter((event) => isEyes(event), since);
  expect(eyes).toHaveLength(1);
  await alice.waitFor(
    room,
    (event) => relationOf(event).event_id === command && relationOf(event).key === '✅',
    { since },
  );
  const status = alice
    .timeline(room)
    .filter((event) => isStatus(event) && relationOf(event).rel_type === undefined, since);
  expect(status).toHaveLength(1);
  expect(await finalCount(alice, room, command)).toBe(1);
});

it('[#35] a command that hangs: five wait for its account, others answer, each can be cancelled', async () => {
  await makeByHand(lab, 'busy', {});
  await makeByHand(lab, 'free', {});
  // A request that hangs is given up after 15 s: until its job is cancelled nothing is done in vain.
  const { command, since } = await hangIn('!user lock busy', changeOf('busy'));
  const names = ['One', 'Two', 'Three', 'Four', 'Five'];
  const queued: string[] = [];
  for (const name of names) queued.push(await alice.send(room, `!user rename busy ${name}`));
  const [job = '', last = ''] = await jobsFor([
    ['user lock busy', 'running'],
    ['user rename busy Five', 'queued'],
  ]);

  // Reads and other accounts do not wait.
  const [free, version, jobs] = await Promise.all([
    alice.ask(room, '!user lock free'),
    lab.person('bob').ask(room, '!version'),
    alice.ask(room, '!jobs'),
  ]);
  expect([free.outcome, version.outcome]).toEqual(['ok', 'ok']);
  for (const id of [job, last]) expect(jobs.body).toContain(id);
  for (const name of names) expect(jobs.body).toContain(`user rename busy ${name}`);
  expect((await accountOf(lab, 'busy'))?.displayname).toBe('busy');

  // One that waits is cancelled: at once, and the others keep their turn.
  expect((await alice.ask(room, `!cancel ${last}`)).outcome).toBe('ok');
  const never = await alice.answerTo(room, queued[4] ?? '', { since });
  expect(never.outcome).toBe('cancelled');
  expect(never.body).toContain('nothing was done');

  // The one that hangs is cancelled: it says what was done, and the rest goes on in order.
  await alice.ask(room, `!cancel ${job}`);
  const stopped = await alice.answerTo(room, command, { since });
  expect(stopped.outcome).toBe('cancelled');
  expect(stopped.body).toContain('nothing was done');
  for (const each of queued.slice(0, 4)) {
    expect((await alice.answerTo(room, each, { since })).outcome).toBe('ok');
  }
  expect(await accountOf(lab, 'busy')).toMatchObject({ displayname: 'Four', locked: false });
  const renamed = lab.proxy.log
    .all(changeOf('busy'))
    .map(({ body }) => body)
    .filter((body) => body.includes('displayname'));
  expect(renamed).toEqual(names.slice(0, 4).map((name) => JSON.stringify({ displayname: name })));
  for (const each of [command, ...queued]) expect(await finalCount(alice, room, each)).toBe(1);
});

it('[#35] a command that hangs for good ends by its time limit; what it did not do is said', async () => {
  await makeByHand(lab, 'forever', {});
  const { command, since } = await hangIn('!user lock forever', changeOf('forever'));
  const after = await alice.send(room, '!user rename forever Later');
  const answer = await alice.answerTo(room, command, { since, timeoutMs: 90_000 });
  expect(answer.outcome).toBe('failed');
  expect(answer.body).toContain('E_ADMIN_API_UNREACHABLE');
  expect((await accountOf(lab, 'forever'))?.locked).toBe(false);
  expect((await alice.answerTo(room, after, { since })).outcome).toBe('ok');
});
