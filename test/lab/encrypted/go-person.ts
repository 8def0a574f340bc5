import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Progress } from '../cache.ts';
import type { LabEvent } from '../event.ts';
import { Person } from '../person.ts';
import type { Account } from '../synapse/accounts.ts';
import type { DeviceVerdict } from './encrypted-person.ts';
import { GoEyes, type GoDeviceOptions } from './go-eyes.ts';
import { goEvent } from './go-process.ts';
import { goProgram } from './go-program.ts';

const sent = z.object({ eventId: z.string() });
const sealed = z.object({ file: z.record(z.string(), z.unknown()) });
const opened = z.object({ data: z.base64() });
const devices = z.object({
  devices: z.array(z.object({ deviceId: z.string(), trust: z.string(), isSigned: z.boolean() })),
});

/**
 * A person on mautrix-go with `goolm`, an implementation of encryption that has nothing in common
 * with the one of the Rust SDK (which is also in the bot and in `EncryptedPerson`): where two
 * agree with each other but not with Matrix, it notices. Deals only with devices that their owners
 * have signed. Used like any `Person`; what it makes of an event is in `event.encryption`.
 */
export class GoPerson extends Person {
  readonly #eyes: GoEyes;

  private constructor(baseUrl: string, account: Account, eyes: GoEyes) {
    super(baseUrl, account, eyes);
    this.#eyes = eyes;
  }

  /** Starts with a session that is there already but has never had any crypto. */
  static async start(
    baseUrl: string,
    account: Account,
    options: GoDeviceOptions & { readonly progress?: Progress } = {},
  ): Promise<GoPerson> {
    const path = await goProgram(options.progress);
    const person = new GoPerson(baseUrl, account, new GoEyes(path, baseUrl, account, options));
    await person.watch();
    return person;
  }

  get deviceId(): string {
    return this.account.deviceId;
  }

  /** What this person thinks of a device, asked anew. */
  async verdictOn(userId: string, deviceId: string): Promise<DeviceVerdict> {
    const answer = await this.#eyes.program.ask('devices', { user: userId });
    const found = devices.parse(answer).devices.find((each) => each.deviceId === deviceId);
    return { isKnown: found !== undefined, isSigned: found?.isSigned === true };
  }

  /** Sends an event, encrypted where the room is (reactions are not, as in all clients). */
  override async putEvent(
    roomId: string,
    type: string,
    content: Readonly<Record<string, unknown>>,
    txnId: string = randomUUID(),
  ): Promise<string> {
    const event = { room: roomId, type, content, txnId };
    return sent.parse(await this.#eyes.program.ask('send', event)).eventId;
  }

  /** An event as the server has it: of an encrypted one the ciphertext. */
  async rawEvent(roomId: string, eventId: string): Promise<LabEvent> {
    return super.event(roomId, eventId);
  }

  override async event(roomId: string, eventId: string): Promise<LabEvent> {
    return this.#decrypted(roomId, await super.event(roomId, eventId));
  }

  override async messages(roomId: string): Promise<LabEvent[]> {
    const shown: LabEvent[] = [];
    for (const event of await super.messages(roomId)) {
      shown.push(await this.#decrypted(roomId, event));
    }
    return shown;
  }

  override async fileOf(event: LabEvent): Promise<Uint8Array> {
    const answer = await this.#eyes.program.ask('open', { content: event.content });
    return new Uint8Array(Buffer.from(opened.parse(answer).data, 'base64'));
  }

  override async sendFile(
    roomId: string,
    data: Uint8Array,
    name: string,
    type: string,
  ): Promise<string> {
    if ((await this.state(roomId, 'm.room.encryption')) === undefined) {
      return super.sendFile(roomId, data, name, type);
    }
    const bytes = Buffer.from(data).toString('base64');
    const { file } = sealed.parse(await this.#eyes.program.ask('seal', { data: bytes }));
    const info = { size: data.length, mimetype: type };
    return this.putEvent(roomId, 'm.room.message', { msgtype: 'm.file', body: name, info, file });
  }

  async #decrypted(roomId: string, event: LabEvent): Promise<LabEvent> {
    return goEvent.parse(await this.#eyes.program.ask('decrypt', { room: roomId, event }));
  }
}
