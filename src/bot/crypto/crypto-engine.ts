import type { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import type { RoomId, UserId } from '../../core/ids.ts';
import { parseUserId } from '../../core/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../core/json.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { IdentityPins } from '../../platform/store/identity-pins.ts';
import type { CryptoApi } from '../client/crypto-api.ts';
import { describeFailure, isPassing, MatrixFailure } from '../client/failure.ts';
import type { SyncCrypto } from '../client/matrix-api.ts';
import { Decryption } from './decryption.ts';
import { GroupEncryption, type Readers, type Rotation, usualRotation } from './group-encryption.ts';
import { Identities } from './identities.ts';
import type { OpenedEvent } from './protection.ts';
import { QuietSyncs } from './quiet-syncs.ts';
import { RequestPump } from './request-pump.ts';
import type { RoomCrypto } from './room-crypto.ts';
import type { SealedFile } from './sealer.ts';
import { orTheEnd } from './the-end.ts';
import { takeBackOneTimeKeys } from './stale-one-time-keys.ts';
import { isVerificationEvent } from './verification-requests.ts';
import type { CryptoLibrary } from './wasm.ts';
import { WithheldKeys } from './withheld-keys.ts';

/** What the engine is made of. */
export interface CryptoEngineParts {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
  readonly api: CryptoApi;
  readonly pins: IdentityPins;
  /** Whose device it is: what it said itself needs no pin. */
  readonly self: UserId;
  readonly readers: (identities: Identities) => Readers;
  readonly clock: Clock;
  readonly log: Log;
  readonly rotation?: Rotation;
  /** Keys have come, or a message may have got one. */
  readonly onKeys?: () => void;
  /** An event that belongs to a verification, opened, from whoever sent it. */
  readonly onVerification?: (event: unknown, room: RoomId) => Promise<void>;
}

const senderSchema = z.looseObject({ sender: z.string().transform(parseUserId) });

/** Everything cryptographic of one device, driven by our own sync loop and outbox. */
export class CryptoEngine implements RoomCrypto {
  readonly pump: RequestPump;
  readonly identities: Identities;
  readonly #parts: CryptoEngineParts;
  readonly #decryption: Decryption;
  readonly #encryption: GroupEncryption;
  readonly #quiet: QuietSyncs;

  constructor(parts: CryptoEngineParts) {
    this.#parts = parts;
    const { library, machine, api, readers, rotation = usualRotation } = parts;
    this.#quiet = new QuietSyncs(parts.clock);
    this.pump = new RequestPump(library, machine, api);
    this.identities = new Identities(library, machine);
    this.pump.afterQueries((users) => this.#see(users));
    this.#decryption = new Decryption(parts);
    this.#encryption = new GroupEncryption({
      ...{ library, machine, rotation, withheld: new WithheldKeys(parts) },
      pump: this.pump,
      readers: readers(this.identities),
    });
  }

  /**
   * Takes what a sync brought for this device: keys, changes of devices, how many one-time keys are
   * left. Durable on return, so that the sync position may move. What the machine wants to ask in
   * turn is asked at once: it opens nothing of somebody whose devices it has yet to hear of, and waits
   * for that without an end. Throws `MatrixFailure` where waiting may help; then the sync is to be
   * asked for again. What is refused for good is asked again after the next one.
   */
  async absorb(sync: SyncCrypto): Promise<void> {
    if (!this.#quiet.isQuiet(sync)) await this.#hear(sync);
    try {
      await orTheEnd(() => this.pump.drain());
    } catch (error) {
      if (!(error instanceof MatrixFailure) || error.failure.kind !== 'refused') throw error;
      if (isPassing(error.failure)) throw error;
      this.#parts.log.warn(
        { failure: describeFailure(error.failure) },
        'keys could not be asked for yet',
      );
    }
    if (sync.toDevice.length > 0) this.#parts.onKeys?.();
  }

  /** Those whom we know may be others now: that is seen as soon as it is shown, and not when they speak. */
  async #see(users: readonly UserId[]): Promise<void> {
    const { pins, clock } = this.#parts;
    for (const user of users) {
      if (pins.find(user) === null) continue;
      const masterKey = await this.identities.masterKey(user);
      if (masterKey !== null) pins.see(user, masterKey, clock.now());
    }
  }

  async #hear(sync: SyncCrypto): Promise<void> {
    const { library, machine } = this.#parts;
    const { toDevice, changed, left, oneTimeKeys, fallbackKeys } = sync;
    const users = (ids: readonly UserId[]) => ids.map((id) => new library.UserId(id));
    await orTheEnd(() =>
      machine.receiveSyncChanges(
        JSON.stringify(toDevice),
        new library.DeviceLists(users(changed), users(left)),
        new Map(oneTimeKeys),
        fallbackKeys === null ? undefined : new Set(fallbackKeys),
      ),
    );
    this.#quiet.noteHeard(sync);
  }

  /**
   * Everything may have changed while nobody listened: all devices are asked for again, and now. The
   * machine opens nothing of somebody whose devices it has yet to hear of, and waits for that without
   * an end. Throws `MatrixFailure`.
   */
  async forgetDevices(): Promise<void> {
    await orTheEnd(async () => {
      await this.#parts.machine.markAllTrackedUsersAsDirty();
      await this.pump.drain();
    });
  }

  /**
   * The home server went back in time: the one-time keys that it gives to others may be used up. It
   * gets new ones, and the old ones go to nobody. Throws `MatrixFailure`.
   */
  async replaceOneTimeKeys(): Promise<void> {
    const { library, machine, api, self, log } = this.#parts;
    const taken = await takeBackOneTimeKeys(api, { self, deviceId: machine.deviceId.toString() });
    const none = new Map([['signed_curve25519', 0]]);
    await orTheEnd(async () => {
      const noChange = new library.DeviceLists([], []);
      await machine.receiveSyncChanges('[]', noChange, none, new Set());
      await this.pump.drain();
    });
    log.info({ taken }, 'the one-time keys of the device were replaced');
  }

  /**
   * Devices and identities of these people are asked for now and followed from now on: what they
   * say can only be judged where that was done before. Throws `MatrixFailure`.
   */
  async follow(people: readonly UserId[]): Promise<void> {
    const { library, machine } = this.#parts;
    await orTheEnd(async () => {
      await machine.updateTrackedUsers(people.map((user) => new library.UserId(user)));
      await this.pump.drain();
    });
  }

  /**
   * Whether this person has the identity that we know (pinned now if it is the first) and a device
   * that is signed with it. Throws `MatrixFailure`.
   */
  async hasSignedDevice(person: UserId): Promise<boolean> {
    await this.follow([person]);
    const { pins, clock } = this.#parts;
    return orTheEnd(async () => {
      const masterKey = await this.identities.masterKey(person);
      if (masterKey === null) return false;
      const verdict = pins.see(person, masterKey, clock.now());
      if (verdict !== 'known' && verdict !== 'first') return false;
      return this.identities.hasSignedDevice(person);
    });
  }

  /**
   * Opens an event of a room; whoever sent it must have the identity that we know. What belongs to a
   * verification is also heard as such.
   */
  async openEvent(event: unknown, room: RoomId): Promise<OpenedEvent> {
    const opened = await orTheEnd(() => this.#open(event, room));
    if (isVerificationEvent(opened.event)) await this.#parts.onVerification?.(opened.event, room);
    return opened;
  }

  async #open(event: unknown, room: RoomId): Promise<OpenedEvent> {
    const opened = await this.#decryption.open(event, room);
    if (opened.protection.kind !== 'sealed') return opened;
    const { pins, clock, self } = this.#parts;
    const sender = senderSchema.safeParse(event);
    if (sender.success && sender.data.sender === self) return opened;
    const masterKey = sender.success ? await this.identities.masterKey(sender.data.sender) : null;
    if (!sender.success || masterKey === null) {
      return { event, protection: { kind: 'locked', reason: 'unknown-device' } };
    }
    const verdict = pins.see(sender.data.sender, masterKey, clock.now());
    if (verdict === 'first' || verdict === 'known') return opened;
    const { device } = opened.protection;
    return { event, protection: { kind: 'rejected', reason: 'changed-identity', device } };
  }

  /** See {@link GroupEncryption.encrypt}. */
  async seal(room: RoomId, type: string, content: JsonObject): Promise<JsonObject> {
    const sealed = await orTheEnd(() => this.#encryption.encrypt(room, type, content));
    this.#parts.onKeys?.();
    return sealed;
  }

  /** Encrypts the bytes of a file with a key of their own. */
  sealFile(data: Uint8Array): SealedFile {
    const sealed = this.#parts.library.Attachment.encrypt(data);
    const info = sealed.mediaEncryptionInfo;
    if (info === undefined) throw new Error('the attachment came without its key');
    return { data: sealed.encryptedData, file: jsonObjectSchema.parse(JSON.parse(info)) };
  }
}
