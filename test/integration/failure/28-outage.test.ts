import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isFinal } from '../../lab/answer.ts';
import type { BotProcess } from '../../lab/bot-process.ts';
import { soakCount } from '../../lab/count.ts';
import type { LabEvent } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { until } from '../../lab/wait.ts';
import { Conversation } from './conversation.ts';
import { chanceFor } from './random.ts';
import { reckon } from './reckoning.ts';

let lab: Lab;
let bot: BotProcess;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'outage' });
  bot = await lab.startBot();
  room = await lab.enterAdminRoom();
});
afterAll(() => lab.stop());

/** Linux counts the time of processes in hundredths of a second, whatever the kernel does. */
const ticksPerSecond = 100;

/** Processor time that a process has used, in seconds (proc(5), fields 14 and 15 of `stat`). */
const cpuSeconds = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

/** Whether a process does next to nothing for a second. */
const isQuiet = async (pid: number): Promise<true | undefined> => {
  const before = cpuSeconds(pid);
  await pause(1000);
  return cpuSeconds(pid) - before < 0.05 ? true : undefined;
};

it('soak: [#28] the home server is killed under load and stays away: no spin, back within 15 s, nothing lost', async () => {
  // A tenth would end before the waits between two tries have grown to their longest.
  const downSeconds = Math.max(20, soakCount(60, 'seconds without a home server'));
  const alice = lab.person('alice');
  const conversation = new Conversation(alice, room, chanceFor('load before the outage'));
  await Promise.all(Array.from({ length: 40 }, () => conversation.say()));
  await lab.synapse.kill();
  expect(conversation.unanswered).toBeGreaterThan(0);

  // First there is still work: what was under way is settled and written down.
  await until('it has nothing to do', () => isQuiet(bot.pid), { timeoutMs: 40_000 });
  const before = cpuSeconds(bot.pid);
  const linesBefore = bot.output().split('\n').length;
  await pause((downSeconds - 2) * 1000);
  const used = cpuSeconds(bot.pid) - before;
  const lines = bot.output().split('\n').length - linesBefore;
  process.stdout.write(
    `${used.toFixed(2)} s of processor time and ${lines} log lines in ${downSeconds - 2} s\n`,
  );
  expect(used / (downSeconds - 2)).toBeLessThan(0.05);
  expect(lines).toBeLessThan(100);
  // It knows that it is cut off, and whoever stands at the server can still ask.
  expect((await urtc(['whoami', '--config', bot.configFile])).code).toBe(0);

  const since = alice.mark(room);
  await lab.synapse.start();
  // By the clock of the machine, which is the home server's, too: her client tries again when it likes.
  const started = Date.now();
  const isNew = (event: LabEvent): boolean => isFinal(event) && event.origin_server_ts >= started;
  expect((await alice.ask(room, '!version', { timeoutMs: 60_000 })).outcome).toBe('ok');
  const ms = (await alice.waitFor(room, isNew, { since })).origin_server_ts - started;
  process.stdout.write(`first answer ${Math.round(ms)} ms after the home server was back\n`);
  expect(ms).toBeLessThan(15_000);
  await conversation.finish(60_000);
  await alice.ask(room, '!version');
  const found = await reckon(lab, {
    ...{ person: alice, room, sent: conversation.sent, requests: lab.proxy.log.all() },
  });
  process.stdout.write(`${JSON.stringify(found)}\n`);
  // Who asked for something while the home server went away may be told that it failed, or that
  // nobody knows; but he is told, once, and it is the truth.
  expect(found).toMatchObject({ commands: 40, lost: 0, repeated: 0, untrue: [] });
  expect((await bot.term()).code).toBe(0);
}, 240_000);
