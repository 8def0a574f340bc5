import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { soakCount } from '../../lab/count.ts';
import { LabError } from '../../lab/failure.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import type { RequestRecord } from '../../lab/proxy/request-log.ts';
import { until } from '../../lab/wait.ts';
import { Conversation } from './conversation.ts';
import { chanceFor } from './random.ts';
import { reckon } from './reckoning.ts';

let lab: Lab;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'soak-kills' });
  const bot = await lab.startBot();
  room = await lab.enterAdminRoom();
  await lab.person('alice').ask(room, '!version');
  await bot.kill9();
});
afterAll(() => lab.stop());

/** Waits for so many requests of the bot; one that has nothing to do is waited for in vain. */
const requestsOrIdle = async (count: number, idleMs: number): Promise<void> => {
  try {
    const look = () => (lab.proxy.log.count() >= count ? true : undefined);
    await until('requests', look, { timeoutMs: idleMs, everyMs: 2 });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
  }
};

it('soak: [#5] kill -9 at random points', async () => {
  const kills = soakCount(100, 'kill -9 of the running bot');
  const chance = chanceFor('kill -9 of the running bot');
  const alice = lab.person('alice');
  const conversation = new Conversation(alice, room, chance);
  const requests: RequestRecord[] = [];
  const turnPage = (): void => {
    requests.push(...lab.proxy.log.all());
    lab.proxy.log.clear();
  };
  let inRequest = 0;
  let inWork = 0;
  turnPage();
  conversation.start();
  for (let kill = 0; kill < kills; kill += 1) {
    const bot = await lab.startBot({ waitReady: false });
    // From the first request of its start to deep in its work, and then any moment of a request.
    await requestsOrIdle(chance.between(1, 45), 20_000);
    await pause(chance.between(0, 20));
    const isOpen = ({ status, path }: RequestRecord): boolean =>
      status === 'pending' && !path.endsWith('/sync');
    if (lab.proxy.log.all().some(isOpen)) inRequest += 1;
    if (conversation.unanswered > 0) inWork += 1;
    expect(await bot.kill9()).toEqual({ code: null, signal: 'SIGKILL' });
    turnPage();
  }
  const last = await lab.startBot();
  // Lives that ended early have answered little: then fewer commands were sent than are to be judged.
  await until('enough commands', () => (conversation.sent.length > kills ? true : undefined), {
    timeoutMs: 60_000,
  });
  await conversation.finish(120_000);
  // The killed ones may not have come to it; without it the log is only found not to contradict itself.
  await until(
    'the anchor of the audit log',
    async () => await alice.state(room, 'io.urtc.audit_anchor', lab.botAccount.userId),
    { timeoutMs: 30_000 },
  );
  // What was wrongly repeated would come before the answer to what is asked last.
  const verdict = await alice.ask(room, '!audit verify');
  turnPage();
  const { sent } = conversation;
  const found = await reckon(lab, { person: alice, room, sent, requests });
  process.stdout.write(
    `kills: ${kills} (${inRequest} in a request, ${inWork} with commands open), ` +
      `commands: ${found.commands}, lost: ${found.lost}, repeated: ${found.repeated}, ` +
      `unknown: ${found.unknown}, failed: ${found.failed}\n`,
  );
  expect(found).toMatchObject({ lost: 0, repeated: 0, failed: 0, untrue: [] });
  // "Unknown" is honest, and must stay rare.
  expect(found.unknown).toBeLessThanOrEqual(Math.ceil(kills / 20));
  expect(found.commands).toBeGreaterThan(kills);
  expect(verdict.outcome).toBe('ok');
  const terminal = await urtc(['audit', 'verify', '--config', last.configFile]);
  expect(terminal.code).toBe(0);
  await last.term();
}, 900_000);
