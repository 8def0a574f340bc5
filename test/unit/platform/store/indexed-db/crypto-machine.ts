import {
  DeviceId,
  EncryptionSettings,
  OlmMachine,
  RoomId,
  StoreHandle,
  UserId,
  initAsync,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import type { IDBFactory } from 'fake-indexeddb';
import { z } from 'zod';
import type { Database } from '../../../../../src/platform/store/database.ts';
import { openDurableIndexedDb } from '../../../../../src/platform/store/indexed-db/durable.ts';
import { installIndexedDb } from '../../../../../src/platform/store/indexed-db/install.ts';
import { testMasterKey } from '../state-folder.ts';

/** Whose machine it is. */
export const user = '@canary-of-the-store:canary.example.org';
/** Where it speaks. */
export const room = '!canary-room-of-the-store:canary.example.org';
/** The one part of the file that is open: under this name the store's databases are found. */
export const storeName = 'crypto-of-the-bot';

/** The real crypto of Matrix on its real store, which is on our IndexedDB. */
export interface CryptoMachine {
  readonly machine: OlmMachine;
  readonly factory: IDBFactory;
}

/** Opens the machine that `device` holds, or makes it there. */
export const openMachine = async (
  device: Database,
  onLost: (error: unknown) => void,
): Promise<CryptoMachine> => {
  const factory = await openDurableIndexedDb(device, testMasterKey(), onLost);
  installIndexedDb(factory);
  await initAsync();
  const store = await StoreHandle.openWithKey(storeName, new Uint8Array(32).fill(7));
  const machine = await OlmMachine.initFromStore(
    new UserId(user),
    new DeviceId('CANARYDEV'),
    store,
  );
  return { machine, factory };
};

const upload = z.object({
  master_key: z.object({ keys: z.record(z.string(), z.string()) }),
});

/** The public identity keys of device and user; makes the user's where there are none. */
export const identityOf = async (machine: OlmMachine): Promise<string[]> => {
  const { uploadSigningKeysRequest } = await machine.bootstrapCrossSigning(false);
  const body = upload.parse(JSON.parse(uploadSigningKeysRequest.body));
  const { curve25519, ed25519 } = machine.identityKeys;
  return [curve25519.toBase64(), ed25519.toBase64(), ...Object.values(body.master_key.keys)];
};

const encrypted = z.object({ session_id: z.string(), ciphertext: z.string() });

/** A sent message: of which session it is, and which turn of its ratchet it used up. */
export interface Sent {
  readonly session: string;
  readonly index: number;
}

/**
 * The index that a Megolm message was encrypted at: version 3, then field 1 as a varint
 * (https://gitlab.matrix.org/matrix-org/olm/-/blob/master/docs/megolm.md#message-format).
 */
const indexOf = (ciphertext: string): number => {
  const bytes = Buffer.from(ciphertext, 'base64');
  if (bytes[0] !== 3 || bytes[1] !== 8) throw new Error('not a message of Megolm');
  let index = 0;
  for (let at = 2; at < 7; at += 1) {
    const byte = bytes[at] ?? 0;
    index += (byte & 0x7f) * 2 ** (7 * (at - 2));
    if (byte < 0x80) return index;
  }
  throw new Error('an index without an end');
};

/** Encrypts a message for the room. */
export const encrypt = async (machine: OlmMachine): Promise<Sent> => {
  await machine.shareRoomKey(new RoomId(room), [new UserId(user)], new EncryptionSettings());
  const content = await machine.encryptRoomEvent(
    new RoomId(room),
    'm.room.message',
    JSON.stringify({ msgtype: 'm.text', body: 'canary' }),
  );
  const { session_id: session, ciphertext } = encrypted.parse(JSON.parse(content));
  return { session, index: indexOf(ciphertext) };
};
