import type { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { VerificationRequests } from '../../../../src/bot/crypto/verification-requests.ts';
import { loadCrypto, type CryptoLibrary } from '../../../../src/bot/crypto/wasm.ts';
import { parseRoomId, parseUserId, type UserId } from '../../../../src/core/ids.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { rememberingLog } from '../quiet-log.ts';

const room = parseRoomId('!room:lab.test');
const bot = parseUserId('@bot:lab.test');
const alice = parseUserId('@alice:lab.test');
const toDevice = z.object({ messages: z.record(z.string(), z.record(z.string(), z.unknown())) });
const upload = z.looseObject({ device_keys: z.looseObject({ device_id: z.string() }) });

/** A machine whose device the others know. */
async function machineOf(library: CryptoLibrary, user: UserId): Promise<[OlmMachine, unknown]> {
  const id = new library.UserId(user);
  const machine = await library.OlmMachine.initialize(id, new library.DeviceId('DEVICE'));
  for (const request of await machine.outgoingRequests()) {
    if (!(request instanceof library.KeysUploadRequest)) continue;
    return [machine, upload.parse(JSON.parse(request.body)).device_keys];
  }
  throw new Error('a new machine uploads its keys');
}

async function know(library: CryptoLibrary, machine: OlmMachine, keys: Record<string, unknown>) {
  const users = Object.keys(keys).map((user) => new library.UserId(user));
  const query = machine.queryKeysForUsers(users);
  const shown: Record<string, unknown> = {};
  for (const [user, device] of Object.entries(keys)) shown[user] = { DEVICE: device };
  const answer = JSON.stringify({ device_keys: shown });
  await machine.markRequestAsSent(query.id, query.type, answer);
}

test('a verification that begins right after one that is done is not taken for a second one at the same time', async () => {
  const library = await loadCrypto();
  const [ours, ourKeys] = await machineOf(library, bot);
  const [theirs, theirKeys] = await machineOf(library, alice);
  await know(library, ours, { [bot]: ourKeys, [alice]: theirKeys });
  await know(library, theirs, { [bot]: ourKeys, [alice]: theirKeys });
  const requests = new VerificationRequests({
    ...{ library, machine: ours, clock: systemClock, log: rememberingLog().log },
    pump: {
      send: () => Promise.resolve(),
      drain: () => Promise.resolve(),
      exclusively: (work) => work(),
      handRoomMessagesTo: () => undefined,
    },
    api: { perform: () => Promise.resolve('{}') },
    seal: () => Promise.resolve({}),
    people: () => [alice],
  });

  const noChange = () => new library.DeviceLists([], []);
  const bring = async (sender: UserId, request: unknown): Promise<void> => {
    if (!(request instanceof library.ToDeviceRequest)) return;
    const to = sender === bot ? theirs : ours;
    const { messages } = toDevice.parse(JSON.parse(request.body));
    const contents = Object.values(messages).flatMap((devices) => Object.values(devices));
    const events = contents.map((content) => ({ sender, type: request.event_type, content }));
    await to.receiveSyncChangesMsc4186(JSON.stringify(events), noChange(), new Map());
  };
  /** What both machines want said by themselves is said, until they want nothing more. */
  const talk = async (): Promise<void> => {
    for (let rounds = 0; rounds < 5; rounds += 1) {
      for (const [sender, machine] of [
        [bot, ours],
        [alice, theirs],
      ] as const) {
        for (const each of await machine.outgoingRequests()) {
          if (!(each instanceof library.ToDeviceRequest)) continue;
          await machine.markRequestAsSent(each.id, each.type, '{}');
          await bring(sender, each);
        }
      }
    }
  };

  const device = await theirs.getDevice(new library.UserId(bot), new library.DeviceId('DEVICE'));
  const methods = () => [library.VerificationMethod.SasV1];
  const [asked, request] = device?.requestVerification(methods()) ?? [];
  await bring(alice, request);
  const [first] = requests.open();
  await bring(bot, first?.acceptWithMethods(methods()));
  const [theirSas, start] = (await asked?.startSas()) ?? [];
  await bring(alice, start);
  const sas = first?.getVerification();
  if (!(sas instanceof library.Sas)) throw new Error('nothing began');
  await bring(bot, sas.accept());
  await talk();
  for (const each of await sas.confirm()) await bring(bot, each);
  for (const each of (await theirSas?.confirm()) ?? []) await bring(alice, each);
  await talk();
  expect(sas.isDone()).toBe(true);
  expect(requests.open()).toEqual([]);

  await requests.hear(
    {
      ...{ sender: alice, type: 'm.room.message', event_id: '$next', room_id: room },
      origin_server_ts: Date.now(),
      content: {
        ...{ msgtype: 'm.key.verification.request', body: '', to: bot },
        ...{ from_device: 'DEVICE', methods: ['m.sas.v1'] },
      },
    },
    room,
  );
  expect(requests.open()).toHaveLength(1);
  ours.close();
  theirs.close();
});
