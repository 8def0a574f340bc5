import type { MatrixClient } from 'matrix-js-sdk';
import type { VerificationRequest } from 'matrix-js-sdk/lib/crypto-api/verification.js';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { acceptApproved } from '../../../src/bot/crypto/approved-identities.ts';
import { parseUserId } from '../../../src/core/ids.ts';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { begin } from './begun-verification.ts';
import { seatFor } from './bot-device.ts';
import { startTalkingBot, type TalkingBot } from './talking-bot.ts';

let lab: Lab;
let anna: EncryptedPerson;
let bot: TalkingBot;
let count = 0;
const { signal } = new AbortController();

beforeAll(async () => {
  lab = await startLab({ name: 'verification', people: [] });
});
beforeEach(async () => {
  count += 1;
  const account = await register(lab.synapse.baseUrl, { localpart: `anna${count}` });
  anna = await EncryptedPerson.watching(lab.synapse.baseUrl, account);
  const seat = seatFor(lab, await register(lab.synapse.baseUrl, { localpart: `bot${count}` }));
  bot = await startTalkingBot(lab, seat, [anna.userId]);
});
afterEach(async () => {
  await bot.stop();
  await anna.stop();
});
afterAll(() => lab.stop());

const symbols = (emoji: readonly (readonly [string, string])[] | undefined) =>
  (emoji ?? []).map(([symbol]) => symbol);

async function request(how: 'to the device' | 'in a room'): Promise<VerificationRequest> {
  const { self, crypto } = bot.device;
  await anna.verdictOn(self, crypto.deviceId);
  if (how === 'to the device') {
    return anna.crypto.requestDeviceVerification(self, crypto.deviceId);
  }
  const room = await anna.createRoom({ invite: [self] });
  await bot.join(room);
  await until('the client knows the room', () => known(anna.sdk, room, self), {
    timeoutMs: 20_000,
  });
  return anna.crypto.requestVerificationDM(self, room);
}

async function verified(user: string): Promise<true | undefined> {
  // No room is shared, so nothing tells the client that it has signed the bot's identity.
  await anna.verdictOn(user, bot.device.crypto.deviceId);
  const status = await anna.crypto.getUserVerificationStatus(user);
  return status.isVerified() ? true : undefined;
}

function known(sdk: MatrixClient, room: string, user: string): true | undefined {
  return sdk.getRoom(room)?.getMember(user)?.membership === 'join' ? true : undefined;
}

test.each(['to the device', 'in a room'] as const)(
  '[#32] both see the same seven emoji, and nobody is verified before both said yes (%s)',
  async (how) => {
    const { self } = bot.device;
    const shown = bot.verification.next(signal, () => undefined);
    const { sas, ended } = await begin(await request(how));
    const ours = await shown;
    expect(ours.user).toBe(anna.userId);
    expect(ours.emoji).toHaveLength(7);
    expect(ours.emoji.map(({ symbol }) => symbol)).toEqual(symbols(sas.sas.emoji));
    // Asked again (the plan of a confirmed command runs twice), it is the same one.
    expect(await bot.verification.next(signal, () => undefined)).toEqual(ours);
    await sas.confirm();
    expect((await anna.crypto.getUserVerificationStatus(self)).isVerified()).toBe(false);
    expect(bot.verification.isDone(ours.flow)).toBe(false);
    await bot.verification.confirm(ours.flow, signal);
    expect(bot.verification.isDone(ours.flow)).toBe(true);
    expect(await ended).toBe('verified');
    await until('the client shows it', () => verified(self), { timeoutMs: 20_000 });
  },
);

test('[#32] a no on the server ends it for the other side at once', async () => {
  const shown = bot.verification.next(signal, () => undefined);
  const { ended } = await begin(await request('to the device'));
  const { flow } = await shown;
  await bot.verification.refuse(flow);
  expect(await ended).toMatch(/^ended: /);
  await expect(bot.verification.confirm(flow, signal)).rejects.toThrow('E_VERIFY_CANCELLED');
  expect((await anna.crypto.getUserVerificationStatus(bot.device.self)).isVerified()).toBe(false);
});

test('[#33] a verified person with a new identity stays refused until it is approved', async () => {
  const { machine, library, pump } = bot.device;
  const user = parseUserId(anna.userId);
  const shown = bot.verification.next(signal, () => undefined);
  const { sas } = await begin(await request('to the device'));
  const { flow } = await shown;
  await sas.confirm();
  await bot.verification.confirm(flow, signal);
  const before = await bot.device.identities.masterKey(user);
  expect(bot.pins.see(user, before ?? '', 1)).toBe('first');

  await anna.resetIdentity();
  await pump.send(machine.queryKeysForUsers([new library.UserId(user)]));
  const after = (await bot.device.identities.masterKey(user)) ?? '';
  expect(after).not.toBe(before);
  expect(bot.pins.see(user, after, 2)).toBe('changed');
  expect(bot.pins.see(user, after, 3)).toBe('unapproved');
  const violated = async () => {
    const identity = await machine.getIdentity(new library.UserId(user));
    return identity?.hasVerificationViolation();
  };
  expect(await violated()).toBe(true);
  // What is pinned is not what is shown: nothing is accepted.
  await acceptApproved(library, machine, { user, masterKey: before ?? '' });
  expect(await violated()).toBe(true);
  expect(bot.pins.approve(user, after, 4)).toBe(true);
  await acceptApproved(library, machine, { user, masterKey: after });
  expect(await violated()).toBe(false);
  expect(bot.pins.see(user, after, 5)).toBe('known');
});
