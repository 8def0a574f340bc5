/**
 * The baseline for encrypted rooms: the least that an encrypting bot can be. The same crypto library
 * and HTTP client as ours; it syncs, decrypts, and sends exactly one encrypted event per command.
 * Keys are in memory, nobody's identity is remembered, nothing is kept.
 *
 * Environment: as of `bare-bot.ts`.
 */
import {
  CollectStrategy,
  DecryptionSettings,
  DeviceId,
  DeviceLists,
  EncryptionSettings,
  KeysClaimRequest,
  KeysQueryRequest,
  KeysUploadRequest,
  OlmMachine,
  RoomId,
  SignatureUploadRequest,
  ToDeviceRequest,
  TrustRequirement,
  UserId,
  initAsync,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { connect, path } from '../../src/bot/client/http-call.ts';
import { createMatrixApi } from '../../src/bot/client/http-matrix-api.ts';
import { parseRoomId } from '../../src/core/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../src/core/json.ts';
import { Secret } from '../../src/core/secret.ts';
import { z } from 'zod';

const text = z.string();
const { URL, TOKEN, ROOM, SENDER, CONTENT } = z
  .object({ URL: text, TOKEN: text, ROOM: text, SENDER: text, CONTENT: text })
  .parse(process.env);

const homeserver = connect({ url: URL, accessToken: new Secret(TOKEN) });
const api = createMatrixApi(homeserver);
const room = parseRoomId(ROOM);
const answer = jsonObjectSchema.parse(JSON.parse(CONTENT));
const never = new AbortController().signal;

await initAsync();
const me = await api.whoami();
const machine = await OlmMachine.initialize(
  new UserId(me.userId),
  new DeviceId(me.deviceId ?? 'BARE'),
);

const ask = async (method: 'POST' | 'PUT', where: string, body: string): Promise<string> => {
  const call = { method, path: where, body: Buffer.from(body), mimetype: 'application/json' };
  return JSON.stringify(await homeserver.ask({ ...call, answer: jsonObjectSchema }));
};

type Outgoing = Awaited<ReturnType<OlmMachine['outgoingRequests']>>[number] | KeysClaimRequest;

const perform = (request: Outgoing): Promise<string> => {
  const v3 = '/_matrix/client/v3/';
  const { body } = request;
  if (request instanceof KeysUploadRequest) return ask('POST', `${v3}keys/upload`, body);
  if (request instanceof KeysQueryRequest) return ask('POST', `${v3}keys/query`, body);
  if (request instanceof KeysClaimRequest) return ask('POST', `${v3}keys/claim`, body);
  if (request instanceof SignatureUploadRequest) {
    return ask('POST', `${v3}keys/signatures/upload`, body);
  }
  if (!(request instanceof ToDeviceRequest)) throw new Error('nobody verifies or backs up here');
  const { event_type: type, txn_id: transaction } = request;
  return ask('PUT', path`/_matrix/client/v3/sendToDevice/${type}/${transaction}`, body);
};

const send = async (request: Outgoing): Promise<void> => {
  const response = await perform(request);
  if (request.id !== undefined) {
    await machine.markRequestAsSent(request.id, request.type, response);
  }
};

const drain = async (): Promise<void> => {
  for (const request of await machine.outgoingRequests()) await send(request);
};

/** Others only write to devices that their owner has signed. */
const signOneself = async (): Promise<void> => {
  await drain();
  const made = await machine.bootstrapCrossSigning(true);
  const keys: unknown = made.uploadKeysRequest;
  if (keys instanceof KeysUploadRequest) await send(keys);
  const { body } = made.uploadSigningKeysRequest;
  await ask('POST', '/_matrix/client/v3/keys/device_signing/upload', body);
  await send(made.uploadSignaturesRequest);
};

const settings = (): EncryptionSettings => {
  const made = new EncryptionSettings();
  made.sharingStrategy = CollectStrategy.identityBasedStrategy();
  return made;
};

let members: readonly string[] | null = null;
const joined = async (): Promise<readonly string[]> =>
  [...(await api.members(room))].filter(([, is]) => is === 'join').map(([user]) => user);

/** The one way that the library allows: whoever may read gets the key first, then it is sealed. */
const seal = async (content: JsonObject): Promise<JsonObject> => {
  const ids = (users: readonly string[]) => users.map((user) => new UserId(user));
  if (members === null) {
    members = await joined();
    await machine.updateTrackedUsers(ids(members));
    await drain();
  }
  const claim = await machine.getMissingSessions(ids(members));
  if (claim != null) await send(claim);
  for (const share of await machine.shareRoomKey(new RoomId(room), ids(members), settings())) {
    await send(share);
  }
  const sealed = await machine.encryptRoomEvent(
    new RoomId(room),
    'm.room.message',
    JSON.stringify(content),
  );
  return jsonObjectSchema.parse(JSON.parse(sealed));
};

const sealedEvent = z.object({
  event_id: z.string(),
  type: z.literal('m.room.encrypted'),
  sender: z.literal(SENDER),
});
const command = z.object({
  type: z.literal('m.room.message'),
  content: z.object({ msgtype: z.literal('m.text'), body: z.string().startsWith('!') }),
});
const membership = z.object({ type: z.literal('m.room.member') });

const isCommand = async (event: unknown): Promise<boolean> => {
  const trust = new DecryptionSettings(TrustRequirement.CrossSigned);
  const opened = await machine.decryptRoomEvent(JSON.stringify(event), new RoomId(room), trust);
  return command.safeParse(JSON.parse(opened.event)).success;
};

/** `shareRoomKey` and what follows it must not be in two messages at once. */
let sealing: Promise<unknown> = Promise.resolve();
const echo = async (event: string): Promise<void> => {
  const content = { ...answer, 'm.relates_to': { 'm.in_reply_to': { event_id: event } } };
  const sealed = sealing.then(() => seal(content));
  sealing = sealed;
  await api.send(room, 'm.room.encrypted', event.slice(1), await sealed);
};

await signOneself();
let since: string | null = null;
for (;;) {
  const isFirst: boolean = since === null;
  const batch = await api.sync(
    { since, timeoutMs: isFirst ? 0 : 30_000, timelineLimit: 50, isFresh: false },
    never,
  );
  since = batch.next;
  const { toDevice, changed, left, oneTimeKeys, fallbackKeys } = batch.crypto;
  await machine.receiveSyncChanges(
    JSON.stringify(toDevice),
    new DeviceLists(
      changed.map((user) => new UserId(user)),
      left.map((user) => new UserId(user)),
    ),
    new Map(oneTimeKeys),
    fallbackKeys === null ? undefined : new Set(fallbackKeys),
  );
  await drain();
  if (isFirst) {
    members = await joined();
    await machine.updateTrackedUsers(members.map((user) => new UserId(user)));
    await drain();
    process.stdout.write('ready\n');
    continue;
  }
  for (const event of batch.joined.get(room)?.events ?? []) {
    if (membership.safeParse(event).success) members = null;
    const sealed = sealedEvent.safeParse(event);
    if (sealed.success && (await isCommand(event))) void echo(sealed.data.event_id);
  }
}
