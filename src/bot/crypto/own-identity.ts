import type { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { AppError } from '../../core/errors.ts';
import type { UserId } from '../../core/ids.ts';
import type { CryptoApi } from '../client/crypto-api.ts';
import type { Identities } from './identities.ts';
import type { RequestPump } from './request-pump.ts';
import type { CryptoLibrary } from './wasm.ts';

/** What {@link ensureOwnIdentity} needs. */
export interface OwnIdentityParts {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
  readonly pump: RequestPump;
  readonly identities: Identities;
  readonly api: CryptoApi;
  readonly self: UserId;
}

/** How the bot came by its identity. */
export type OwnIdentity = 'made' | 'known';

/**
 * Sees to it that the bot has a cross-signing identity and that it has signed this device: without
 * that Element neither sends to the device nor shows what it says (MSC4153). Can be called again
 * after any failure or crash. Throws `MatrixFailure`, and `E_IDENTITY_NOT_HERE` where the account
 * has an identity whose private keys are somewhere else.
 */
export async function ensureOwnIdentity(parts: OwnIdentityParts): Promise<OwnIdentity> {
  const { library, machine, pump, identities, self } = parts;
  await pump.drain();
  await refresh(parts);
  const published = await identities.masterKey(self);
  const status = await machine.crossSigningStatus();
  const isHere = status.hasMaster && status.hasSelfSigning && status.hasUserSigning;
  if (published !== null && !isHere) throw new AppError('E_IDENTITY_NOT_HERE', { user: self });
  if (published !== null && (await isSigned(parts))) return 'known';
  // Private keys that are here and were never published (a crash in between) are published now.
  await publish(parts, await machine.bootstrapCrossSigning(!isHere && published === null));
  await refresh(parts);
  if (!(await isSigned(parts))) {
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

/** Asks the home server what it shows of our own account now. */
async function refresh({ library, machine, pump, self }: OwnIdentityParts): Promise<void> {
  await pump.send(machine.queryKeysForUsers([new library.UserId(self)]));
}

async function isSigned({ library, machine, self }: OwnIdentityParts): Promise<boolean> {
  const device = await machine.getDevice(new library.UserId(self), machine.deviceId);
  if (device === undefined) return false;
  try {
    return device.isCrossSignedByOwner();
  } finally {
    device.free();
  }
}
