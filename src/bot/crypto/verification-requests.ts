import type { OlmMachine, VerificationRequest } from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import { parseRoomId, type RoomId, type UserId } from '../../core/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../core/json.ts';
import type { CryptoApi } from '../client/crypto-api.ts';
import type { OutgoingRequest, RequestPump } from './request-pump.ts';
import type { CryptoLibrary } from './wasm.ts';

/** What {@link VerificationRequests} needs. */
export interface VerificationRequestsParts {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
  readonly pump: Pick<RequestPump, 'send'>;
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

/** Whether a (decrypted) event of a room belongs to a verification (spec, "Key verification framework"). */
export function isVerificationEvent(event: unknown): boolean {
  return verificationEvent.safeParse(event).success;
}

/** What other clients ask for and are answered in verifications, by to-device messages or in rooms. */
export class VerificationRequests {
  readonly #parts: VerificationRequestsParts;

  constructor(parts: VerificationRequestsParts) {
    this.#parts = parts;
  }

  /** Takes a decrypted event of a room; to-device messages come to the machine with the sync. */
  async hear(event: unknown, room: RoomId): Promise<void> {
    const { library, machine } = this.#parts;
    await machine.receiveVerificationEvent(JSON.stringify(event), new library.RoomId(room));
  }

  /** Those that may still come to something, the newest last. */
  open(): readonly VerificationRequest[] {
    const { library, machine, people } = this.#parts;
    return people()
      .flatMap((user) => machine.getVerificationRequests(new library.UserId(user)))
      .filter((each) => !each.isCancelled() && !each.isDone() && !each.isPassive())
      .sort((one, other) => one.timeRemainingMillis() - other.timeRemainingMillis());
  }

  /** Sends what the machine wants said; into rooms encrypted. Throws `MatrixFailure`. */
  async send(request: OutgoingRequest | undefined): Promise<void> {
    if (request === undefined) return;
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
