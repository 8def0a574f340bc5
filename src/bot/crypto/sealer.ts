import type { RoomId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';

/** An encrypted attachment: upload `data`, send `file` with the `url` in it (spec, `EncryptedFile`). */
export interface SealedFile {
  readonly data: Uint8Array;
  readonly file: JsonObject;
}

/** What seals for a room. */
export interface Sealer {
  /** Content of the `m.room.encrypted` that holds this. Throws `MatrixFailure`. */
  seal(room: RoomId, type: string, content: JsonObject): Promise<JsonObject>;
  sealFile(data: Uint8Array): SealedFile;
}
