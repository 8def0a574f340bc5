import type { EventId, RoomId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import type { Sealer } from '../crypto/sealer.ts';
import { Withheld, type SecretHandOver } from '../direct/secret-hand-over.ts';
import type { Clock } from '../../platform/clock.ts';
import { OneAtATime } from '../crypto/one-at-a-time.ts';
import type { Encryption } from '../rooms/encryption-guard.ts';

/** What the writer is made of. */
export interface RoomWriterParts {
  readonly api: Pick<MatrixApi, 'send' | 'redact' | 'putState' | 'upload'>;
  readonly sealer: Sealer;
  readonly encryptionOf: (room: RoomId) => Encryption;
  /** Null: no secret is handed over by anybody. */
  readonly handOver: Pick<SecretHandOver, 'send'> | null;
  readonly clock: Pick<Clock, 'sleep'>;
}

/**
 * Sealing takes now longer, now less; what is sealed goes out in its order and this far apart (ms),
 * like what is not, so that Synapse takes it up in that order.
 */
const apartMs = 8;

/** A file to be put where the home server keeps media. */
export interface Attachment {
  readonly name: string;
  readonly mimetype: string;
  readonly data: Uint8Array;
}

/** A name of a file tells what is in it, too. */
const sealedName = 'attachment';
const sealedType = 'application/octet-stream';

/**
 * Writes into rooms: sealed where they are encrypted, as it is where they are not, and not at all
 * where that is not known. Every method throws `MatrixFailure`.
 */
export class RoomWriter {
  readonly #parts: RoomWriterParts;
  readonly #door = new OneAtATime();

  constructor(parts: RoomWriterParts) {
    this.#parts = parts;
  }

  /** Sends a message event. */
  async send(
    room: RoomId,
    type: string,
    transactionId: string,
    content: JsonObject,
    signal: AbortSignal,
  ): Promise<EventId> {
    const { api, sealer } = this.#parts;
    if (!this.#isSealed(room)) return api.send(room, type, transactionId, content, signal);
    const sealed = await sealer.seal(room, type, content);
    await this.#passDoor();
    return api.send(room, 'm.room.encrypted', transactionId, sealed, signal);
  }

  /** See {@link SecretHandOver.send}. */
  sendSecret(...secret: Parameters<SecretHandOver['send']>): Promise<EventId> {
    const { handOver } = this.#parts;
    if (handOver === null) return Promise.reject(new Withheld('nobody hands over secrets here'));
    return handOver.send(...secret);
  }

  /** Reactions are never encrypted: the home server must be able to count them (spec, annotations). */
  annotate(
    room: RoomId,
    transactionId: string,
    content: JsonObject,
    signal: AbortSignal,
  ): Promise<EventId> {
    return this.#parts.api.send(room, 'm.reaction', transactionId, content, signal);
  }

  redact(
    room: RoomId,
    target: EventId,
    transactionId: string,
    content: JsonObject,
    signal: AbortSignal,
  ): Promise<EventId> {
    return this.#parts.api.redact(room, target, transactionId, content, signal);
  }

  putState(
    room: RoomId,
    type: string,
    stateKey: string,
    content: JsonObject,
    signal: AbortSignal,
  ): Promise<EventId> {
    return this.#parts.api.putState(room, type, stateKey, content, signal);
  }

  /** Uploads for this room; returns the keys that the message's content has to carry. */
  async attach(
    room: RoomId,
    { name, mimetype, data }: Attachment,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const { api, sealer } = this.#parts;
    if (!this.#isSealed(room)) return { url: await api.upload(name, mimetype, data, signal) };
    const sealed = sealer.sealFile(data);
    const url = await api.upload(sealedName, sealedType, sealed.data, signal);
    return { file: { ...sealed.file, url } };
  }

  /** Settles at once for the first, and for who comes after when the one before is well on its way. */
  #passDoor(): Promise<void> {
    return new Promise((pass) => {
      void this.#door.run(() => {
        pass();
        return this.#parts.clock.sleep(apartMs);
      });
    });
  }

  #isSealed(room: RoomId): boolean {
    const encryption = this.#parts.encryptionOf(room);
    if (encryption === 'unknown') throw new Error(`nobody may write into ${room} now`);
    return encryption === 'encrypted';
  }
}
