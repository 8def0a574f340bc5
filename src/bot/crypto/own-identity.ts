import type { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { UserId } from '../../core/ids.ts';
import { jsonObjectSchema } from '../../core/json.ts';
import type { CryptoApi } from '../client/crypto-api.ts';
import { Identities } from './identities.ts';
import { masterKeyOf } from './master-key-of.ts';
import type { RequestPump } from './request-pump.ts';
import type { CryptoLibrary } from './wasm.ts';

/** What {@link ensureOwnIdentity} needs. */
export interface OwnIdentityParts {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
  readonly pump: RequestPump;
  readonly api: CryptoApi;
  readonly self: UserId;
}

/** How the bot came by its identity. */
export type OwnIdentity = 'made' | 'known';

/**
 * Sees to it that the bot has a cross-signing identity and that it has signed this device: without
 * that Element neither sends to the device nor shows what it says (MSC4153). Can be called again
 * after any failure or crash. Throws `MatrixFailure`, and `E_IDENTITY_NOT_HERE` where the account
 * shows an identity whose private keys are somewhere else: another client made a new one.
 */
export async function ensureOwnIdentity(parts: OwnIdentityParts): Promise<OwnIdentity> {
  const { library, machine, pump, self } = parts;
  await pump.drain();
  const published = await refresh(parts);
  const status = await machine.crossSigningStatus();
  const isHere = status.hasMaster && status.hasSelfSigning && status.hasUserSigning;
  if (published !== null && !(isHere && published === (await knownMasterKey(parts)))) {
    throw new AppError('E_IDENTITY_NOT_HERE', { user: self });
  }
  if (published !== null && (await isSignedByOwner(parts))) return 'known';
  // Private keys that are here and were never published (a crash in between) are published now. Such
  // as are published must not be sent again: that asks for the account's password.
  if (published === null) {
    await publish(parts, await machine.bootstrapCrossSigning(!isHere));
    await refresh(parts);
  }
  if (!(await isSignedByOwner(parts))) {
    await signDevice(parts);
    await refresh(parts);
  }
  if (!(await isSignedByOwner(parts))) {
    throw new Error('the home server took the signature of our device and does not show it');
  }
  return published === null ? 'made' : 'known';

  async function publish(
    { api }: OwnIdentityParts,
    requests: Awaited<ReturnType<OlmMachine['bootstrapCrossSigning']>>,
  ): Promise<void> {
    const keys: unknown = requests.uploadKeysRequest;
    if (keys instanceof library.KeysUploadRequest) await pump.send(keys);
    await api.uploadSigningKeys(requests.uploadSigningKeysRequest.body);
    await pump.send(requests.uploadSignaturesRequest);
  }
}

const shownKeys = z.looseObject({
  master_keys: z.record(z.string(), jsonObjectSchema).default({}),
});

/**
 * Asks the home server what it shows of our own account now. Returns the public master key; null: it
 * shows none, whatever the machine has made and not published yet.
 */
async function refresh(parts: OwnIdentityParts): Promise<string | null> {
  const { library, machine, api, self } = parts;
  const query = machine.queryKeysForUsers([new library.UserId(self)]);
  const answer = await api.perform({ kind: 'keys-query', body: query.body });
  await machine.markRequestAsSent(query.id, query.type, answer);
  const master = shownKeys.parse(JSON.parse(answer)).master_keys[self];
  return master === undefined ? null : masterKeyOf(JSON.stringify(master));
}

/** The public master key that our private keys belong to, as far as we know. */
async function knownMasterKey({
  library,
  machine,
  self,
}: OwnIdentityParts): Promise<string | null> {
  return new Identities(library, machine).masterKey(self);
}

async function signDevice({ library, machine, pump, self }: OwnIdentityParts): Promise<void> {
  const device = await machine.getDevice(new library.UserId(self), machine.deviceId);
  if (device === undefined) throw new Error('the home server does not show our own device');
  try {
    await pump.send(await device.verify());
  } finally {
    device.free();
  }
}

/** Whether the identity that we know as our own has signed this device. */
export async function isSignedByOwner({
  library,
  machine,
  self,
}: Pick<OwnIdentityParts, 'library' | 'machine' | 'self'>): Promise<boolean> {
  const device = await machine.getDevice(new library.UserId(self), machine.deviceId);
  if (device === undefined) return false;
  try {
    return device.isCrossSignedByOwner();
  } finally {
    device.free();
  }
}
