import type { BackupDecryptionKey, OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import { jsonObjectSchema, type JsonObject } from '../../../core/json.ts';
import type { CryptoApi } from '../../client/crypto-api.ts';
import type { CryptoLibrary } from '../wasm.ts';

/** What {@link restoreRoomKeys} needs. */
export interface RestoreParts {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
  readonly api: Pick<CryptoApi, 'backedUpKeys'>;
  readonly key: BackupDecryptionKey;
  /** Of the backup. */
  readonly version: string;
}

/** How many keys came out of a backup. */
export interface RestoredKeys {
  readonly imported: number;
  readonly total: number;
  /** Could not be read: damaged, or encrypted for another key. */
  readonly damaged: number;
}

const sealedSession = z.object({ ephemeral: z.string(), ciphertext: z.string(), mac: z.string() });

/**
 * Takes all room keys out of the backup into the store; one that can't be read stops no other.
 * Throws `MatrixFailure`.
 */
export async function restoreRoomKeys(
  { library, machine, api, key, version }: RestoreParts,
  onProgress: (imported: number, total: number) => void,
): Promise<RestoredKeys> {
  const backedUp = await api.backedUpKeys(version);
  const rooms = [...backedUp].map(([room, sessions]) => {
    const opened = [...sessions].map(([id, data]) => [id, openSession(key, data)] as const);
    const readable = opened.filter(([, session]) => session !== null);
    return { room, total: sessions.size, sessions: new Map(readable) };
  });
  const total = rooms.reduce((sum, room) => sum + room.total, 0);
  const damaged = total - rooms.reduce((sum, room) => sum + room.sessions.size, 0);
  const byRoom = new Map(
    rooms.map(({ room, sessions }) => [new library.RoomId(room), sessions] as const),
  );
  const result = await machine.importBackedUpRoomKeys(
    byRoom,
    (done) => {
      onProgress(Number(done), total);
    },
    version,
  );
  return { imported: result.importedCount, total, damaged };
}

function openSession(key: BackupDecryptionKey, data: JsonObject): JsonObject | null {
  const sealed = sealedSession.safeParse(data);
  if (!sealed.success) return null;
  const { ephemeral, mac, ciphertext } = sealed.data;
  try {
    return jsonObjectSchema.parse(JSON.parse(key.decryptV1(ephemeral, mac, ciphertext)));
  } catch {
    // Counted by the caller: that it can't be read is all there is to know of it.
    return null;
  }
}
