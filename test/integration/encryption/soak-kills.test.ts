import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soakCount } from '../../lab/count.ts';
import type { LabEvent } from '../../lab/event.ts';
import { LabError } from '../../lab/failure.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { Person } from '../../lab/person.ts';
import type { RequestRecord } from '../../lab/proxy/request-log.ts';
import { until } from '../../lab/wait.ts';
import { Conversation } from '../failure/conversation.ts';
import { chanceFor } from '../failure/random.ts';
import { reckon } from '../failure/reckoning.ts';
import { clearMessages, ratchetsOf, refusedUploads, sentContents } from './sealed-traffic.ts';
import { shownDevices } from './shown-device.ts';

let lab: Lab;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'sealed-soak', encrypted: true });
  const bot = await lab.startBot();
  room = await lab.enterAdminRoom();
  await lab.person('alice').ask(room, '!version');
  await bot.kill9();
});
afterAll(() => lab.stop());

/**
 * Waits for so many requests of the bot; one that has nothing to do is waited for in vain. The first
 * one comes in any case: before, it might not even listen to signals yet.
 */
const requestsOrIdle = async (count: number): Promise<void> => {
  const come = (least: number) => () => (lab.proxy.log.count() >= least ? true : undefined);
  await until('the first request', come(1), { timeoutMs: 90_000, everyMs: 2 });
  try {
    await until('requests', come(count), { timeoutMs: 4000, everyMs: 2 });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
  }
};

const isOf =
  (user: string) =>
  ({ sender, type }: LabEvent): boolean =>
    sender === user && (type === 'm.room.message' || type === 'm.room.encrypted');

test('soak: a sealed conversation over restarts and kills -9: nothing is lost, repeated or unreadable', async () => {
  const ends = soakCount(200, 'restarts and kills -9');
  const messages = soakCount(1000, 'messages of a sealed conversation');
  const chance = chanceFor('restarts and kills -9');
  const alice = lab.person('alice');
  const bot = lab.botAccount.userId;
  const before = await shownDevices(alice, bot);
  const conversation = new Conversation(alice, room, chance);
  const requests: RequestRecord[] = [];
  const turnPage = (): void => {
    requests.push(...lab.proxy.log.all());
    lab.proxy.log.clear();
  };
  const said = (): number =>
    conversation.sent.length + alice.timeline(room).filter(isOf(bot)).length;
  let kills = 0;
  turnPage();
  conversation.start();
  for (let end = 0; end < ends; end += 1) {
    const life = await lab.startBot({ waitReady: false });
    await requestsOrIdle(chance.between(1, 40));
    await pause(chance.between(0, 20));
    if (chance.roll() < 0.7) {
      kills += 1;
      expect(await life.kill9()).toEqual({ code: null, signal: 'SIGKILL' });
    } else {
      expect(await life.term()).toMatchObject({ code: 0 });
    }
    turnPage();
  }
  const last = await lab.startBot();
  await until('the whole conversation', () => (said() >= messages ? true : undefined), {
    timeoutMs: 300_000,
  });
  await conversation.finish(120_000);
  await alice.ask(room, '!version');
  turnPage();

  const found = await reckon(lab, { person: alice, room, sent: conversation.sent, requests });
  const seen = alice.timeline(room).filter(isOf(bot));
  const unread = seen.filter(({ encryption }) => encryption?.verdict !== 'trusted');
  // Nobody who decrypts: the room as the home server has it.
  const raw = await new Person(alice.baseUrl, alice.account).messages(room);
  const sealed = raw.filter(({ type, sender }) => type === 'm.room.encrypted' && sender === bot);
  const ratchets = ratchetsOf([...sealed.map(({ content }) => content), ...sentContents(requests)]);
  const uploads = requests.filter(({ path }) => path.endsWith('/keys/upload')).length;
  process.stdout.write(
    `ends: ${ends} (${kills} kill -9), commands: ${found.commands}, lost: ${found.lost}, ` +
      `repeated: ${found.repeated}, unknown: ${found.unknown}, failed: ${found.failed}; ` +
      `messages of the bot: ${seen.length}, unread: ${unread.length}; ` +
      `sealed: ${ratchets.messages} in ${ratchets.sessions} sessions, ` +
      `places used twice: ${ratchets.reused.length}; uploads of keys: ${uploads}\n`,
  );
  expect(found).toMatchObject({ lost: 0, repeated: 0, failed: 0, untrue: [] });
  expect(found.unknown).toBeLessThanOrEqual(Math.ceil(ends / 20));
  expect(conversation.sent.length + seen.length).toBeGreaterThanOrEqual(messages);
  expect(unread).toEqual([]);
  expect(sealed.length).toBe(seen.length);
  expect(ratchets.reused).toEqual([]);
  expect(refusedUploads(requests)).toEqual([]);
  expect(clearMessages(requests)).toEqual([]);
  expect(await shownDevices(alice, bot)).toEqual(before);
  expect(Object.keys(before)).toHaveLength(1);
  await last.term();
}, 1_500_000);
