import type { EventId, RoomId, UserId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { say } from '../../core/text.ts';
import type { OutboxBody } from '../../platform/store/outbox.ts';
import type { SealedSecrets } from '../../platform/store/sealed-secrets.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { noticeContent } from '../message-content.ts';
import { renderMatrix } from '../render/matrix.ts';
import type { Sealer } from '../crypto/sealer.ts';
import type { DirectRooms } from './direct-rooms.ts';

/** A secret of the outbox. */
export type SecretBody = Extract<OutboxBody, { kind: 'secret' }>;

/** A secret must not be sent now; the row is dropped, the secret stays where it is. */
export class Withheld extends Error {
  override readonly name = 'Withheld';
}

/** What handing over needs. */
export interface SecretHandOverParts {
  readonly api: Pick<MatrixApi, 'send'>;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly rooms: Pick<DirectRooms, 'obstacle'>;
  readonly secrets: Pick<SealedSecrets, 'peek'>;
  /** Asks anew whether the person has the identity that we know and a device signed with it. */
  readonly hasSignedDevice: (person: UserId) => Promise<boolean>;
}

/**
 * Says a secret in the direct room of its person. It is opened here and nowhere before, lives only
 * until it is encrypted, and is not used up: that follows when it is known to be in the room. So a
 * crash in between sends it once more with the same transaction id, and loses nothing.
 */
export class SecretHandOver {
  readonly #parts: SecretHandOverParts;

  constructor(parts: SecretHandOverParts) {
    this.#parts = parts;
  }

  /** Throws {@link Withheld} and `MatrixFailure`. */
  async send(
    room: RoomId,
    { code, person, label, language }: SecretBody,
    transactionId: string,
    mark: JsonObject,
    signal: AbortSignal,
  ): Promise<EventId> {
    const { api, sealer, rooms, secrets, hasSignedDevice } = this.#parts;
    if (!(await hasSignedDevice(person))) throw new Withheld('the person has no signed device');
    const obstacle = await rooms.obstacle(room, person);
    if (obstacle !== null) throw new Withheld(`the direct room is not fit for it: ${obstacle}`);
    const secret = secrets.peek(code);
    if (secret === null) throw new Withheld('its code is used up or has expired');
    const [message] = renderMatrix(
      [
        { type: 'paragraph', text: say('chat.direct.secret', { line: label }) },
        { type: 'code', content: secret.reveal() },
      ],
      language,
    ).messages;
    const content = noticeContent(message, { ...mark, 'io.urtc.secret': true });
    const sealed = await sealer.seal(room, 'm.room.message', content);
    return api.send(room, 'm.room.encrypted', transactionId, sealed, signal);
  }
}
