import type { OlmMachine, VerificationRequest } from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import { parseRoomId, type RoomId, type UserId } from '../../core/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../core/json.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CryptoApi } from '../client/crypto-api.ts';
import { insist } from './insist.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { OutgoingRequest, RequestPump } from './request-pump.ts';
import { isTheEnd } from './the-end.ts';
import type { CryptoLibrary } from './wasm.ts';

/** What {@link VerificationRequests} needs. */
export interface VerificationRequestsParts {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
  readonly pump: Pick<RequestPump, 'send' | 'drain' | 'exclusively' | 'handRoomMessagesTo'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly api: Pick<CryptoApi, 'perform'>;
  /** Encrypts for a room (`CryptoEngine.seal`). */
  readonly seal: (room: RoomId, type: string, content: JsonObject) => Promise<JsonObject>;
  /** Who may verify the bot: nobody else's request is answered. */
  readonly people: () => readonly UserId[];
}

/** For how long the home server may be away in the middle of a verification, ms. */
const patienceMs = 30_000;

const requestEvent = z.looseObject({
  type: z.literal('m.room.message'),
  content: z.looseObject({ msgtype: z.literal('m.key.verification.request') }),
});
const verificationEvent = z.union([
  z.looseObject({ type: z.string().startsWith('m.key.verification.') }),
  requestEvent,
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
      if (requestEvent.safeParse(event).success) await this.#sweep();
      await machine.receiveVerificationEvent(JSON.stringify(event), new library.RoomId(room));
    } catch (error) {
      if (isTheEnd(error)) throw error;
      log.debug({ err: error, room }, 'an event of a verification could not be understood');
    }
  }

  /**
   * Lets the machine forget verifications that are over. Otherwise it takes the next one of the same
   * person for a second one at the same time, and calls it off; by itself it forgets only when it
   * hears of a sync, and of most it does not (`QuietSyncs`).
   */
  async #sweep(): Promise<void> {
    const { library, machine } = this.#parts;
    const noChange = new library.DeviceLists([], []);
    await machine.receiveSyncChangesMsc4186('[]', noChange, new Map());
  }

  /** Those that may still come to something, the newest last. */
  open(): readonly VerificationRequest[] {
    const { library, machine, people } = this.#parts;
    return people()
      .flatMap((user) => machine.getVerificationRequests(new library.UserId(user)))
      .filter((each) => !each.isCancelled() && !each.isDone() && !each.isPassive())
      .filter((each) => !each.timedOut())
      .sort((one, other) => one.timeRemainingMillis() - other.timeRemainingMillis());
  }

  /**
   * Sends what `make` gives, before anything that the machine wants said after it: a `done` that
   * overtakes its `mac` is ignored by the other side. Into rooms encrypted. The machine gives each of
   * them once, so they are tried again for a while. Throws `MatrixFailure`.
   */
  async answer(
    room: boolean,
    make: () => Promise<readonly (OutgoingRequest | undefined)[]>,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, pump } = this.#parts;
    const sendAll = async (): Promise<void> => {
      for (const request of await make()) {
        if (request === undefined) continue;
        await insist({ clock, signal, patienceMs }, async () => {
          await this.#send(request);
          return true;
        });
      }
    };
    await (room ? this.#toRooms.run(sendAll) : pump.exclusively(sendAll));
  }

  /**
   * Brings our signature of this person's identity, which the machine makes once both said yes, to the
   * home server, and lets the machine see it there: before, it knows of no verification, neither after
   * a restart nor when the person shows another identity. False: it is not shown there. Throws
   * `MatrixFailure`.
   */
  async publish(user: UserId, signal: AbortSignal): Promise<boolean> {
    const { library, machine, pump, clock } = this.#parts;
    const seen = await insist({ clock, signal, patienceMs }, async () => {
      await pump.drain();
      const query = machine.queryKeysForUsers([new library.UserId(user)]);
      await pump.exclusively(() => pump.send(query));
      return (await this.#isVerified(user)) ? true : null;
    });
    return seen === true;
  }

  async #isVerified(user: UserId): Promise<boolean> {
    const { library, machine } = this.#parts;
    const identity = await machine.getIdentity(new library.UserId(user));
    if (identity === undefined) return false;
    try {
      return identity.isVerified();
    } finally {
      identity.free();
    }
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
