import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BotProcess } from '../../lab/bot-process.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { until } from '../../lab/wait.ts';
import { accountOf, changeOf, makeByHand } from './accounts.ts';
import { finalCount } from './finals.ts';
import { jobsNow } from './jobs-now.ts';

let lab: Lab;
let bot: BotProcess;
let room: string;
let alice: Person;

beforeAll(async () => {
  lab = await startLab({ name: 'ending' });
  bot = await lab.startBot();
  room = await lab.enterAdminRoom();
  alice = lab.person('alice');
});
afterAll(() => lab.stop());

it('[#36] SIGTERM with one at work and three behind it: no new step, no loss, exit 0; the next start does the rest', async () => {
  await makeByHand(lab, 'ending', {});
  const since = alice.mark(room);
  let goOn = (): void => undefined;
  const told = new Promise<void>((resolve) => (goOn = resolve));
  const rule = lab.proxy.add({
    match: changeOf('ending'),
    fault: { action: 'hold', until: told },
    times: 1,
  });
  const commands = [await alice.send(room, '!user lock ending')];
  await until('at work', () => (rule.hits === 1 ? true : undefined), { timeoutMs: 20_000 });
  for (const name of ['A', 'B', 'C']) {
    commands.push(await alice.send(room, `!user rename ending ${name}`));
  }
  await until(
    'the last one waits',
    async () => ((await jobsNow(bot.configFile)).has('user rename ending C') ? true : undefined),
    { timeoutMs: 20_000 },
  );
  expect(lab.proxy.log.all(changeOf('ending')).map(({ status }) => status)).toEqual(['pending']);
  const begun = performance.now();
  bot.signal('SIGTERM');
  const late = await alice.send(room, '!user rename ending Late');
  await until('it ends', () => (bot.output().includes('"stopping"') ? true : undefined), {
    timeoutMs: 20_000,
  });
  goOn();
  expect(await bot.exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - begun).toBeLessThan(60_000);
  // What was at work has ended and its answer was sent before the end of the process.
  const [first = ''] = commands;
  expect((await alice.answerTo(room, first, { since })).outcome).toBe('ok');
  expect(await accountOf(lab, 'ending')).toMatchObject({ locked: true, displayname: 'ending' });
  bot = await lab.startBot();
  for (const command of [...commands, late]) {
    expect((await alice.answerTo(room, command, { since })).outcome).toBe('ok');
    expect(await finalCount(alice, room, command)).toBe(1);
  }
  expect((await accountOf(lab, 'ending'))?.displayname).toBe('Late');
  const renamed = lab.proxy.log
    .all(changeOf('ending'))
    .filter(({ body }) => body.includes('displayname'));
  expect(renamed.map(({ body }) => body)).toEqual(
    ['A', 'B', 'C', 'Late'].map((name) => JSON.stringify({ displayname: name })),
  );
  expect(await bot.term()).toEqual({ code: 0, signal: null });
});
