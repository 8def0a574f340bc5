import type { VerificationRequest } from 'matrix-js-sdk/lib/crypto-api/verification.js';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { acceptApproved } from '../../../src/bot/crypto/approved-identities.ts';
import { parseUserId } from '../../../src/core/ids.ts';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Rule } from '../../lab/proxy/rules.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { begin } from './begun-verification.ts';
import { seatFor } from './bot-device.ts';
import { startTalkingBot, type TalkingBot } from './talking-bot.ts';

let lab: Lab;
let anna: EncryptedPerson;
let bot: TalkingBot;
let room: string | null;
let count = 0;
const { signal } = new AbortController();

beforeAll(async () => {
  lab = await startLab({ name: 'verification', people: [] });
});
beforeEach(async () => {
  count += 1;
  room = null;
  const account = await register(lab.synapse.baseUrl, { localpart: `anna${count}` });
  anna = await EncryptedPerson.watching(lab.synapse.baseUrl, account);
  const seat = seatFor(lab, await register(lab.synapse.baseUrl, { localpart: `bot${count}` }));
  bot = await startTalkingBot(lab, seat, [anna.userId]);
});
afterEach(async () => {
  lab.proxy.clear();
  await bot.stop();
  await anna.stop();
});
afterAll(() => lab.stop());

type How = 'to the device' | 'in a room';

async function request(how: How, person = anna): Promise<VerificationRequest> {
  const { self, crypto } = bot.device;
  await person.verdictOn(self, crypto.deviceId);
  if (how === 'to the device') {
    return person.crypto.requestDeviceVerification(self, crypto.deviceId);
  }
  room ??= await chat(person);
  return person.crypto.requestVerificationDM(self, room);
}

async function chat(person: EncryptedPerson): Promise<string> {
  const { self } = bot.device;
  const made = await person.createRoom({ invite: [self] });
  await bot.join(made);
  const joined = () => person.sdk.getRoom(made)?.getMember(self)?.membership === 'join';
  await until('the client knows the room', () => (joined() ? true : undefined), {
    timeoutMs: 60_000,
  });
  return made;
}

const next = () => bot.verification.next(signal, () => undefined);
const cancelledFor = (reason: string) =>
  expect.objectContaining({ code: 'E_VERIFY_CANCELLED', params: { reason } }) as Error;

/** Both sides have the emoji in front of them. */
async function compare(how: How, person = anna) {
  const [ours, theirs] = await Promise.all([next(), request(how, person).then(begin)]);
  return { ours, ...theirs };
}

/** Whether the bot's machine knows that it has verified her. */
async function isVerifiedHere(): Promise<boolean> {
  const { machine, library } = bot.device;
  const identity = await machine.getIdentity(new library.UserId(anna.userId));
  return identity?.isVerified() === true;
}

async function verified(user: string): Promise<true | undefined> {
  // No room is shared, so nothing tells the client that it has signed the bot's identity.
  await anna.verdictOn(user, bot.device.crypto.deviceId);
  const status = await anna.crypto.getUserVerificationStatus(user);
  return status.isVerified() ? true : undefined;
}

test.each(['to the device', 'in a room'] as const)(
  '[#32] both see the same seven emoji, and nobody is verified before both said yes; a no afterwards ends only the new one (%s)',
  async (how) => {
    const { self } = bot.device;
    const { ours, sas, ended } = await compare(how);
    expect(ours.user).toBe(anna.userId);
    expect(ours.emoji).toHaveLength(7);
    expect(ours.emoji.map(({ symbol }) => symbol)).toEqual(
      (sas.sas.emoji ?? []).map(([symbol]) => symbol),
    );
    // Asked again (the plan of a confirmed command runs twice), it is the same one.
    expect(await next()).toEqual(ours);
    await sas.confirm();
    expect((await anna.crypto.getUserVerificationStatus(self)).isVerified()).toBe(false);
    expect(bot.verification.isDone(ours.flow)).toBe(false);
    await bot.verification.confirm(ours.flow, signal);
    expect(bot.verification.isDone(ours.flow)).toBe(true);
    expect(await isVerifiedHere()).toBe(true);
    expect(await ended).toBe('verified');
    await until('the client shows it', () => verified(self), { timeoutMs: 60_000 });

    const second = await compare(how);
    expect(second.ours.flow).not.toBe(ours.flow);
    await bot.verification.refuse(second.ours.flow);
    expect(await second.ended).toMatch(/^ended: .*by them with code m\.mismatched_sas/);
    await expect(bot.verification.confirm(second.ours.flow, signal)).rejects.toThrow(
      'E_VERIFY_CANCELLED',
    );
    expect(await isVerifiedHere()).toBe(true);
  },
);

const keysQuery = { path: /\/keys\/query$/ };
const signatures = { path: /\/keys\/signatures\/upload$/ };
const faults: readonly (readonly [string, readonly Rule[]])[] = [
  ['all answers', []],
  [
    'the home server is away for a moment',
    [
      { match: signatures, fault: { action: 'status', status: 503 }, times: 2 },
      { match: keysQuery, fault: { action: 'status', status: 502 }, times: 2 },
    ],
  ],
  [
    'an answer gets lost, and the next one is late',
    [
      { match: signatures, fault: { action: 'dropResponse' }, times: 1 },
      { match: keysQuery, fault: { action: 'delay', ms: 1500 }, times: 2 },
    ],
  ],
];

test.each(faults)(
  '[#33] a verified person with a new identity stays refused until it is approved (%s)',
  async (_what, rules) => {
    const { machine, library } = bot.device;
    const user = parseUserId(anna.userId);
    const { ours, sas } = await compare('to the device');
    for (const rule of rules) lab.proxy.add(rule);
    await sas.confirm();
    await bot.verification.confirm(ours.flow, signal);
    const before = await bot.device.identities.masterKey(user);
    expect(bot.pins.see(user, before ?? '', 1)).toBe('first');

    await anna.resetIdentity();
    const query = machine.queryKeysForUsers([new library.UserId(user)]);
    await bot.pump.exclusively(() => bot.pump.send(query));
    const after = (await bot.device.identities.masterKey(user)) ?? '';
    expect(after).not.toBe(before);
    expect(bot.pins.find(user)).toMatchObject({ masterKey: before, claimed: after });
    expect(bot.pins.see(user, after, 3)).toBe('unapproved');
    const violated = async () => {
      const identity = await machine.getIdentity(new library.UserId(user));
      return identity?.hasVerificationViolation();
    };
    expect(await violated()).toBe(true);
    const parts = { library, machine, pump: bot.pump };
    // What is pinned is not what is shown: nothing is accepted.
    await acceptApproved(parts, { user, masterKey: before ?? '' });
    expect(await violated()).toBe(true);
    expect(bot.pins.approve(user, after, 4)).toBe(true);
    await acceptApproved(parts, { user, masterKey: after });
    expect(await violated()).toBe(false);
    expect(bot.pins.see(user, after, 5)).toBe('known');
  },
);

test('[#32] one that came to nothing does not stand in the way of the next (fake clock)', async () => {
  const cancelled = await compare('in a room');
  cancelled.sas.cancel();
  expect(await cancelled.ended).toMatch(/^ended: .*by us with code m\.user/);
  await expect(bot.verification.confirm(cancelled.ours.flow, signal)).rejects.toEqual(
    cancelledFor('m.user'),
  );

  // Two at the same time, of two devices of hers: neither counts.
  const other = await anna.newDevice();
  const first = await request('to the device');
  await until('the first has come', () => heard(), { timeoutMs: 60_000 });
  const refused = expect(next()).rejects.toEqual(cancelledFor('m.user'));
  const second = await request('to the device', other);
  await refused;
  // On all sides: a new one that meets an open one of the same two is called off with it.
  const isOver = (): boolean => !first.pending && !second.pending && heard() !== true;
  await until('both are over', () => (isOver() ? true : undefined), { timeoutMs: 60_000 });
  await other.stop();

  // Nobody answers for ten minutes.
  await request('to the device');
  await until('it has come', () => heard(), { timeoutMs: 60_000 });
  const real = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => real() + 10 * 60_000 + 1000);
  const stages: string[] = [];
  const waiting = bot.verification.next(signal, ({ stage }) => stages.push(stage));
  expect(stages).toEqual(['nobody']);

  // Another room: her client, too, forgets what is over only when it hears something new.
  room = null;
  const [ours, theirs] = await Promise.all([waiting, request('in a room').then(begin)]);
  await theirs.sas.confirm();
  await bot.verification.confirm(ours.flow, signal);
  expect(await theirs.ended).toBe('verified');
  expect(await isVerifiedHere()).toBe(true);
});

/** Whether the bot's machine has an open request of hers. */
function heard(): true | undefined {
  const { machine, library } = bot.device;
  const known = machine.getVerificationRequests(new library.UserId(anna.userId));
  return known.some((each) => !each.isCancelled() && !each.isDone()) ? true : undefined;
}
