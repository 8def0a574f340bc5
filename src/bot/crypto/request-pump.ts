import type {
  KeysBackupRequest,
  KeysClaimRequest,
  KeysQueryRequest,
  KeysUploadRequest,
  OlmMachine,
  RoomMessageRequest,
  SignatureUploadRequest,
  ToDeviceRequest,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import { parseRoomId, parseUserId, type UserId } from '../../core/ids.ts';
import type { CryptoApi, MachineRequest } from '../client/crypto-api.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { CryptoLibrary } from './wasm.ts';

/** Whatever the machine wants sent. */
export type OutgoingRequest =
  | KeysUploadRequest
  | KeysQueryRequest
  | KeysClaimRequest
  | ToDeviceRequest
  | SignatureUploadRequest
  | RoomMessageRequest
  | KeysBackupRequest;

const queriedIn = z
  .looseObject({ device_keys: z.record(z.string(), z.unknown()) })
  .transform(({ device_keys: users }) => Object.keys(users).map(parseUserId));

/** What it wants is done after a few rounds (keys, then their signatures); more is a loop. */
const mostRounds = 20;

/** Brings the machine's requests to the home server and the answers back to it. */
export class RequestPump {
  readonly #library: CryptoLibrary;
  readonly #machine: OlmMachine;
  readonly #api: CryptoApi;
  readonly #queue = new OneAtATime();
  readonly #handedOver = new Set<string>();
  #toRooms: ((request: RoomMessageRequest) => Promise<void>) | null = null;
  #onQueried: (users: readonly UserId[]) => Promise<void> = () => Promise.resolve();

  constructor(library: CryptoLibrary, machine: OlmMachine, api: CryptoApi) {
    this.#library = library;
    this.#machine = machine;
    this.#api = api;
  }

  /** Sends until the machine wants nothing more. Throws `MatrixFailure`; what is left stays wanted. */
  async drain(): Promise<void> {
    await this.#queue.run(async () => {
      for (let round = 0; round < mostRounds; round += 1) {
        const requests = (await this.#machine.outgoingRequests()).filter(
          (request) => !this.#handOver(request),
        );
        if (requests.length === 0) return;
        for (const request of requests) await this.send(request);
      }
      throw new Error(`the crypto machine still wants something sent after ${mostRounds} rounds`);
    });
  }

  /**
   * What the machine wants said in rooms (verifications) goes this way, to be encrypted; what fails is
   * handed over again by a later {@link RequestPump.drain}. Nothing waits for it: to encrypt, the
   * pump itself is needed.
   */
  handRoomMessagesTo(take: (request: RoomMessageRequest) => Promise<void>): void {
    this.#toRooms = take;
  }

  /** Called when the machine has learned devices and identities of these; may not call the pump. */
  afterQueries(look: (users: readonly UserId[]) => Promise<void>): void {
    this.#onQueried = look;
  }

  /** Runs `work`, which may call `send` but not `drain`, while nothing else the machine wants is sent. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#queue.run(work);
  }

  #handOver(request: OutgoingRequest): boolean {
    const take = this.#toRooms;
    if (take === null || !(request instanceof this.#library.RoomMessageRequest)) return false;
    const { id } = request;
    if (this.#handedOver.has(id)) return true;
    this.#handedOver.add(id);
    const forget = (): void => {
      this.#handedOver.delete(id);
    };
    void take(request).then(forget, forget);
    return true;
  }

  /** Sends one request and tells the machine the answer. Throws `MatrixFailure`. */
  async send(request: OutgoingRequest): Promise<void> {
    const answer = await this.#api.perform(this.#wire(request));
    // Signatures that the machine did not ask for by itself have no id, and nothing to be marked.
    if (request.id !== undefined) {
      await this.#machine.markRequestAsSent(request.id, request.type, answer);
    }
    if (request instanceof this.#library.KeysQueryRequest) {
      await this.#onQueried(queriedIn.parse(JSON.parse(request.body)));
    }
  }

  #wire(request: OutgoingRequest): MachineRequest {
    const library = this.#library;
    const { body } = request;
    if (request instanceof library.KeysUploadRequest) return { kind: 'keys-upload', body };
    if (request instanceof library.KeysQueryRequest) return { kind: 'keys-query', body };
    if (request instanceof library.KeysClaimRequest) return { kind: 'keys-claim', body };
    if (request instanceof library.SignatureUploadRequest) {
      return { kind: 'signature-upload', body };
    }
    if (request instanceof library.KeysBackupRequest) {
      return { kind: 'keys-backup', version: request.version, body };
    }
    const eventType = request.event_type;
    const transactionId = request.txn_id;
    if (request instanceof library.ToDeviceRequest) {
      return { kind: 'to-device', eventType, transactionId, body };
    }
    const room = parseRoomId(request.room_id);
    return { kind: 'room-message', room, eventType, transactionId, body };
  }
}
