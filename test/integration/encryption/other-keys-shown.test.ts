import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { CryptoApi } from '../../../src/bot/client/crypto-api.ts';
import {
  readRecoveryKey,
  type RecoveryKey,
} from '../../../src/bot/crypto/recovery/recovery-key.ts';
import { startIdentity } from '../../../src/bot/crypto/recovery/start-identity.ts';
import { jsonObjectSchema } from '../../../src/core/json.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { login, register, type Account } from '../../lab/synapse/accounts.ts';
import { openBotDevice, seatFor, type BotSeat } from './bot-device.ts';
import { otherClient } from './other-client.ts';

let lab: Lab;
let count = 0;

beforeAll(async () => {
  lab = await startLab({ name: 'other-keys', people: [] });
});
afterAll(() => lab.stop());

/** A bot that has started once and ended. */
async function seatOfBot(): Promise<BotSeat & { readonly key: RecoveryKey }> {
  const account = await register(lab.synapse.baseUrl, { localpart: `bot${(count += 1)}` });
  const seat = seatFor(lab, account);
  const bot = await openBotDevice(lab, seat);
  await startIdentity(bot);
  const key = readRecoveryKey(bot.safe.show());
  bot.close();
  return { ...seat, key };
}

const answerSchema = z.looseObject({
  device_keys: z.record(z.string(), z.record(z.string(), jsonObjectSchema)),
  master_keys: z.record(z.string(), jsonObjectSchema),
});
type Answer = z.infer<typeof answerSchema>;
type Change = (answer: Answer) => Readonly<Record<string, unknown>>;

/** Starts it again; returns what stopped it, and what else than questions the home server was sent. */
async function start(seat: BotSeat, change: Change = (answer) => answer) {
  const sent: string[] = [];
  const wrap = (api: CryptoApi): CryptoApi => ({
    ...api,
    perform: async (request) => {
      if (request.kind !== 'keys-query') sent.push(request.kind);
      const answer = await api.perform(request);
      if (request.kind !== 'keys-query') return answer;
      return JSON.stringify(change(answerSchema.parse(JSON.parse(answer))));
    },
    uploadSigningKeys: (body) => {
      sent.push('signing keys');
      return api.uploadSigningKeys(body);
    },
    putAccountData: (type, content) => {
      sent.push(type);
      return api.putAccountData(type, content);
    },
  });
  const work = async (): Promise<void> => {
    const bot = await openBotDevice(lab, seat, wrap);
    try {
      await startIdentity(bot);
    } finally {
      bot.close();
    }
  };
  const error: unknown = await work().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { error, sent };
}

const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error;
const another = (): string => Buffer.alloc(32, 7).toString('base64').replace(/=+$/, '');

function withMasterKey(answer: Answer, { userId }: Account): ReturnType<Change> {
  const key = another();
  const shown = { ...answer.master_keys[userId], keys: { [`ed25519:${key}`]: key } };
  return { ...answer, master_keys: { [userId]: shown } };
}

function withDeviceKey(answer: Answer, { userId, deviceId }: Account): ReturnType<Change> {
  const shown = answer.device_keys[userId]?.[deviceId];
  const keys = { ...jsonObjectSchema.parse(shown?.['keys']), [`ed25519:${deviceId}`]: another() };
  return { ...answer, device_keys: { [userId]: { [deviceId]: { ...shown, keys } } } };
}

test('[#32] a new identity that another client of the account has made is not signed over, nor replaced', async () => {
  const seat = await seatOfBot();
  const { localpart, password } = seat.account;
  const device = await login(lab.synapse.baseUrl, localpart, password);
  const { sdk, crypto } = await otherClient(lab, device, seat.key.reveal());
  await crypto.bootstrapCrossSigning({
    setupNewCrossSigning: true,
    authUploadDeviceSigningKeys: async (upload) => {
      const identifier = { type: 'm.id.user', user: localpart };
      await upload({ type: 'm.login.password', identifier, password });
    },
  });
  const made = await crypto.getCrossSigningKeyId();
  expect(made).not.toBeNull();
  const { error, sent } = await start(seat);
  expect(error).toEqual(code('E_IDENTITY_NOT_HERE'));
  expect(sent).toEqual([]);
  await crypto.userHasCrossSigningKeys(device.userId, true);
  expect(await crypto.getCrossSigningKeyId()).toBe(made);
  sdk.stopClient();
});

test.each([
  ['E_IDENTITY_NOT_HERE', 'an identity that is not the one here', withMasterKey],
  ['E_CRYPTO_KEYS_LOST', 'a device key that is not the one here', withDeviceKey],
] as const)(
  '[#32] %s where the home server shows %s; nothing is sent',
  async (reason, _, change) => {
    const seat = await seatOfBot();
    const { error, sent } = await start(seat, (answer) => change(answer, seat.account));
    expect(error).toEqual(code(reason));
    expect(sent).toEqual([]);
    // What it showed spoils nothing.
    expect((await start(seat)).error).toBeNull();
  },
);
