import type { OlmMachine, VerificationRequest } from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import { parseRoomId, type RoomId, type UserId } from '../../core/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../core/json.ts';
import type { Log } from '../../core/log.ts';
import type { CryptoApi } from '../client/crypto-api.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { OutgoingRequest, RequestPump } from './request-pump.ts';
import { isTheEnd } from './the-end.ts';
import type { CryptoLibrary } from './wasm.ts';

/** What {@link VerificationRequests} needs. */
export interface VerificationRequestsParts {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
  readonly pump: Pick<RequestPump, 'send' | 'exclusively' | 'handRoomMessagesTo'>;
  readonly log: Log;
  readonly api: Pick<CryptoApi, 'perform'>;
  /** Encrypts for a room (`CryptoEngine.seal`). */
  readonly seal: (room: RoomId, type: string, content: JsonObject) => Promise<JsonObject>;
  /** Who may verify the bot: nobody else's request is answered. */
  readonly people: () => readonly UserId[];
}

const verificationEvent = z.union([
  z.looseObject({ type: z.string().startsWith('m.key.verification.') }),
  z.looseObject({
    type: z.literal('m.room.message'),
    content: z.looseObject({ msgtype: z.literal('m.key.verification.request') }),
  }),
]);

/** Whether an event of a room (what was decrypted, or one in clear) belongs to a verification (spec, "Key verification framework"). */
export function isVerificationEvent(event: unknown): boolean {
  return verificationEvent.safeParse(event).success;
}

/** What other clients ask for and are answered in verifications, by to-device messages or in rooms. */
export class VerificationRequests {
  readonly #parts: VerificationRequestsParts;
  readonly #toRooms = new OneAtATime();

  constructor(parts: VerificationRequestsParts) {
    this.#parts = parts;
    parts.pump.handRoomMessagesTo((request) =>
      this.#toRooms
        .run(() => this.#send(request))
        .catch((error: unknown) => {
          parts.log.warn({ err: error }, 'a message of a verification was not sent yet');
        }),
    );
  }

  /**
   * Takes an event of a room: decrypted, or in clear, as clients send them also where the room is
   * encrypted. What verifies is the comparison, not the way. To-device messages come with the sync.
   * One that is not what it claims to be does nothing: everybody in the room can send one.
   */
  async hear(event: unknown, room: RoomId): Promise<void> {
    const { library, machine, log } = this.#parts;
    try {
      await machine.receiveVerificationEvent(JSON.stringify(event), new library.RoomId(room));
    } catch (error) {
      if (isTheEnd(error)) throw error;
      log.debug({ err: error, room }, 'an event of a verification could not be understood');
    }
  }

  /** Those that may still come to something, the newest last. */
  open(): readonly VerificationRequest[] {
    const { library, machine, people } = this.#parts;
    return people()
      .flatMap((user) => machine.getVerificationRequests(new library.UserId(user)))
      .filter((each) => !each.isCancelled() && !each.isDone() && !each.isPassive())
      .sort((one, other) => one.timeRemainingMillis() - other.timeRemainingMillis());
  }

  /**
   * Sends what `make` gives, before anything that the machine wants said after it: a `done` that
   * overtakes its `mac` is ignored by the other side. Into rooms encrypted. Throws `MatrixFailure`.
   */
  async answer(
    room: boolean,
    make: () => Promise<readonly (OutgoingRequest | undefined)[]>,
  ): Promise<void> {
    const sendAll = async (): Promise<void> => {
      for (const request of await make()) if (request !== undefined) await this.#send(request);
    };
    await (room ? this.#toRooms.run(sendAll) : this.#parts.pump.exclusively(sendAll));
  }

  async #send(request: OutgoingRequest): Promise<void> {
    const { library, machine, pump, api, seal } = this.#parts;
    if (!(request instanceof library.RoomMessageRequest)) {
      await pump.send(request);
      return;
    }
    const room = parseRoomId(request.room_id);
    const content = jsonObjectSchema.parse(JSON.parse(request.body));
    const sealed = await seal(room, request.event_type, content);
    const answer = await api.perform({
      ...{ kind: 'room-message', room, eventType: 'm.room.encrypted' },
      ...{ transactionId: request.txn_id, body: JSON.stringify(sealed) },
    });
    await machine.markRequestAsSent(request.id, request.type, answer);
  }
}
