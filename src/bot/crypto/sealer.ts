import type { RoomId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { SealedFile } from './crypto-engine.ts';

/** What seals for a room. */
export interface Sealer {
  /** Content of the `m.room.encrypted` that holds this. Throws `MatrixFailure`. */
  seal(room: RoomId, type: string, content: JsonObject): Promise<JsonObject>;
  sealFile(data: Uint8Array): SealedFile;
}
