import { CrossSigningKey, type CryptoApi } from 'matrix-js-sdk/lib/crypto-api/index.js';
import type { AuthDict, MatrixClient } from 'matrix-js-sdk';
import { z } from 'zod';
import type { NewRoom } from '../client.ts';
import type { LabEvent } from '../event.ts';
import { LabError } from '../failure.ts';
import { route } from '../http.ts';
import { Person } from '../person.ts';
import { login, type Account } from '../synapse/accounts.ts';
import { encryptedFileOf, openFile, sealFile } from './attachment.ts';
import { CryptoClient, type Isolation } from './crypto-client.ts';
import { CryptoEyes } from './crypto-eyes.ts';
import { SyncTap } from './sync-tap.ts';

/** What a device of a person is like. */
export interface DeviceOptions {
  /** False: its owner has not cross-signed it. Default true. */
  readonly signed?: boolean;
  /** Default: `signed` for a signed device; one that is not can only write as clients used to. */
  readonly isolation?: Isolation;
}

/** What a person's client knows of a device. */
export interface DeviceVerdict {
  /** Whether the server lists it at all. */
  readonly isKnown: boolean;
  /** Whether the identity that its owner has now has signed it. */
  readonly isSigned: boolean;
}

const encryption = z.object({ algorithm: z.string() });
const initialState = z.array(z.unknown()).default([]);

/**
 * A person with the Matrix SDK that Element is made of: writes encrypted where the room is, and
 * shows events decrypted, with a verdict in `event.encryption`. All that tests do with a plain
 * `Person` goes the same way.
 */
export class EncryptedPerson extends Person {
  readonly #client: CryptoClient;
  readonly #encryptedRooms = new Set<string>();

  private constructor(baseUrl: string, account: Account, client: CryptoClient, tap: SyncTap) {
    const session = { baseUrl, accessToken: account.accessToken };
    super(baseUrl, account, new CryptoEyes(session, client, tap));
    this.#client = client;
  }

  /** Logs in by password: the first device of an account that has no identity yet. */
  static override async login(
    baseUrl: string,
    localpart: string,
    password: string,
    options?: DeviceOptions,
  ): Promise<EncryptedPerson> {
    return EncryptedPerson.watching(baseUrl, await login(baseUrl, localpart, password), options);
  }

  /**
   * Starts with a session that is there already but has never had any crypto: makes the person's
   * identity, signs the device with it, and watches. `signed: false`: the device gets its keys
   * and no signature, and the person no identity.
   */
  static override async watching(
    baseUrl: string,
    account: Account,
    options: DeviceOptions = {},
  ): Promise<EncryptedPerson> {
    const person = await EncryptedPerson.#device(baseUrl, account, options);
    if (options.signed !== false) await person.#makeIdentity();
    await person.watch();
    return person;
  }

  static async #device(
    baseUrl: string,
    account: Account,
    { signed = true, isolation = signed ? 'signed' : 'all' }: DeviceOptions,
  ): Promise<EncryptedPerson> {
    const tap = new SyncTap();
    const client = await CryptoClient.open(baseUrl, account, tap, isolation);
    return new EncryptedPerson(baseUrl, account, client, tap);
  }

  get deviceId(): string {
    return this.account.deviceId;
  }

  /** For what has no method here: verification, key backup. */
  get crypto(): CryptoApi {
    return this.#client.crypto;
  }

  /** For what has no method here. */
  get sdk(): MatrixClient {
    return this.#client.sdk;
  }

  /** A new device of the same person, signed with the person's identity unless told otherwise. */
  async newDevice(options: DeviceOptions = {}): Promise<EncryptedPerson> {
    const { localpart, password } = this.account;
    const account = await login(this.baseUrl, localpart, password);
    const device = await EncryptedPerson.#device(this.baseUrl, account, options);
    if (options.signed !== false) await device.#takeIdentityOf(this);
    await device.watch();
    return device;
  }

  /** Makes a new identity in place of the old one, as somebody does who has lost his keys. */
  async resetIdentity(): Promise<void> {
    await this.#makeIdentity();
  }

  /** Logs a device of this person out for good. */
  async removeDevice(deviceId: string): Promise<void> {
    const path = route`/_matrix/client/v3/devices/${deviceId}`;
    const body = { auth: this.#password() };
    await this.request({ method: 'DELETE', path, body });
  }

  /** What this person's client thinks of a device, asked anew. */
  async verdictOn(userId: string, deviceId: string): Promise<DeviceVerdict> {
    await this.#client.refreshKeys(userId);
    const status = await this.crypto.getDeviceVerificationStatus(userId, deviceId);
    return { isKnown: status !== null, isSigned: status?.signedByOwner === true };
  }

  /** The public master key of a person's identity as this client knows it, if there is one. */
  async masterKey(userId = this.userId): Promise<string | undefined> {
    const keys = await this.crypto.getUserCrossSigningKeys(userId);
    return Object.values(keys?.[CrossSigningKey.Master]?.keys ?? {})[0];
  }

  /** A private room, encrypted from the start unless `more.initial_state` says something else. */
  override async createRoom(room: NewRoom = {}): Promise<string> {
    const given = initialState.parse(room.more?.['initial_state']);
    const own = {
      ...{ type: 'm.room.encryption', state_key: '' },
      content: { algorithm: 'm.megolm.v1.aes-sha2' },
    };
    return super.createRoom({ ...room, more: { ...room.more, initial_state: [own, ...given] } });
  }

  /** A room without encryption. */
  async createPlainRoom(room: NewRoom = {}): Promise<string> {
    return super.createRoom(room);
  }

  /** Sends an event, encrypted where the room is (reactions are not, as in all clients). */
  override async putEvent(
    roomId: string,
    type: string,
    content: Readonly<Record<string, unknown>>,
    txnId?: string,
  ): Promise<string> {
    if (type === 'm.reaction' || !(await this.#isEncrypted(roomId))) {
      return super.putEvent(roomId, type, content, txnId);
    }
    const sealed = await this.#client.encrypt(roomId, type, content);
    return super.putEvent(roomId, sealed.type, sealed.content, txnId);
  }

  /**
   * Sends an event as it is, whatever the room: a plain text into an encrypted room, or the
   * ciphertext of another event once more.
   */
  async forge(
    roomId: string,
    type: string,
    content: Readonly<Record<string, unknown>>,
    txnId?: string,
  ): Promise<string> {
    return super.putEvent(roomId, type, content, txnId);
  }

  /** An event as the server has it: of an encrypted one the ciphertext. */
  async rawEvent(roomId: string, eventId: string): Promise<LabEvent> {
    return super.event(roomId, eventId);
  }

  override async event(roomId: string, eventId: string): Promise<LabEvent> {
    return this.#client.decrypt(roomId, await super.event(roomId, eventId));
  }

  override async messages(roomId: string): Promise<LabEvent[]> {
    const shown: LabEvent[] = [];
    for (const event of await super.messages(roomId)) {
      shown.push(await this.#client.decrypt(roomId, event));
    }
    return shown;
  }

  override async fileOf(event: LabEvent): Promise<Uint8Array> {
    const file = encryptedFileOf(event);
    return file === undefined ? super.fileOf(event) : openFile(await this.download(file.url), file);
  }

  override async sendFile(
    roomId: string,
    data: Uint8Array,
    name: string,
    type: string,
  ): Promise<string> {
    if (!(await this.#isEncrypted(roomId))) return super.sendFile(roomId, data, name, type);
    const sealed = await sealFile(data);
    const url = await this.upload(sealed.bytes, 'application/octet-stream', 'encrypted');
    const info = { size: data.length, mimetype: type };
    const content = { msgtype: 'm.file', body: name, info, file: sealed.describe(url) };
    return this.putEvent(roomId, 'm.room.message', content);
  }

  #password(): AuthDict {
    const { localpart, password } = this.account;
    const identifier = { type: 'm.id.user', user: localpart };
    return { type: 'm.login.password', identifier, password };
  }

  async #makeIdentity(): Promise<void> {
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await this.crypto.bootstrapCrossSigning({
        setupNewCrossSigning: true,
        authUploadDeviceSigningKeys: async (upload) => {
          await upload(this.#password());
        },
      });
      await this.#client.refreshKeys(this.userId);
      // An answer that was on its way still told the old identity: then it has dropped the new one.
      if (await this.crypto.isCrossSigningReady()) return;
    }
    throw new LabError(`${this.userId} gets no identity`);
  }

  async #takeIdentityOf(other: EncryptedPerson): Promise<void> {
    await this.#client.refreshKeys(this.userId);
    const secrets: unknown = await other.crypto.exportSecretsBundle?.();
    await this.crypto.importSecretsBundle?.(secrets);
    await this.crypto.crossSignDevice(this.deviceId);
    await this.#client.refreshKeys(this.userId);
  }

  /** Once encrypted, always encrypted; before, the server is asked each time. */
  async #isEncrypted(roomId: string): Promise<boolean> {
    if (this.#encryptedRooms.has(roomId)) return true;
    if (!encryption.safeParse(await this.state(roomId, 'm.room.encryption')).success) return false;
    this.#encryptedRooms.add(roomId);
    return true;
  }
}
