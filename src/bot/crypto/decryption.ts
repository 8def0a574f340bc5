import type { MegolmDecryptionError, OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { z } from 'zod';
import type { RoomId } from '../../core/ids.ts';
import { parseUntrustedJson } from '../client/untrusted-json.ts';
import { plain, type OpenedEvent, type Protection } from './protection.ts';
import { megolmMessageOf } from './sealed-content.ts';
import type { CryptoLibrary } from './wasm.ts';

const coverSchema = z.looseObject({
  type: z.literal('m.room.encrypted'),
  sender: z.string(),
  content: z.looseObject({ 'm.relates_to': z.unknown().optional() }),
});
const clearSchema = z.object({
  type: z.string(),
  content: z.looseObject({ 'm.relates_to': z.unknown().optional() }),
});

/** What {@link Decryption} needs. */
export interface DecryptionParts {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
}

/**
 * Opens `m.room.encrypted` events, and takes only what a device has sent that its owner has signed
 * (MSC4153). Says nothing about who the owner is: that is for the pins.
 */
export class Decryption {
  readonly #library: CryptoLibrary;
  readonly #machine: OlmMachine;

  constructor({ library, machine }: DecryptionParts) {
    this.#library = library;
    this.#machine = machine;
  }

  /** Never rejects because of what an event is; whatever is not encrypted is plain. */
  async open(event: unknown, room: RoomId): Promise<OpenedEvent> {
    const cover = coverSchema.safeParse(event);
    if (!cover.success) return { event, protection: plain };
    const message = megolmMessageOf(cover.data.content);
    if (message === null) return rejected(event, 'damaged');
    const library = this.#library;
    try {
      const settings = new library.DecryptionSettings(library.TrustRequirement.CrossSigned);
      const id = new library.RoomId(room);
      const decrypted = await this.#machine.decryptRoomEvent(JSON.stringify(event), id, settings);
      const device = decrypted.senderDevice?.toString() ?? null;
      const clear = clearSchema.safeParse(parseUntrustedJson(decrypted.event));
      decrypted.free();
      if (!clear.success) return rejected(event, 'damaged', device);
      const { type, content } = clear.data;
      const relation = content['m.relates_to'] ?? cover.data.content['m.relates_to'];
      const opened = {
        ...cover.data,
        type,
        content: relation === undefined ? content : { ...content, 'm.relates_to': relation },
      };
      return { event: opened, protection: { kind: 'sealed', message, device } };
    } catch (error) {
      if (!(error instanceof library.MegolmDecryptionError)) throw error;
      return { event, protection: this.#verdict(error) };
    }
  }

  #verdict({ code, withheldCode }: MegolmDecryptionError): Protection {
    const { DecryptionErrorCode: Code } = this.#library;
    switch (code) {
      case Code.MissingRoomKey:
      case Code.UnknownMessageIndex:
        return { kind: 'locked', reason: withheldCode === undefined ? 'no-key' : 'withheld' };
      case Code.UnknownSenderDevice:
        return { kind: 'locked', reason: 'unknown-device' };
      case Code.UnsignedSenderDevice:
        return { kind: 'rejected', reason: 'unsigned-device', device: null };
      case Code.SenderIdentityVerificationViolation:
        return { kind: 'rejected', reason: 'changed-identity', device: null };
      case Code.MismatchedSender:
      case Code.MismatchedIdentityKeys:
        return { kind: 'rejected', reason: 'other-sender', device: null };
      case Code.UnableToDecrypt:
        return { kind: 'rejected', reason: 'damaged', device: null };
      default:
        return code satisfies never;
    }
  }
}

function rejected(
  event: unknown,
  reason: Extract<Protection, { kind: 'rejected' }>['reason'],
  device: string | null = null,
): OpenedEvent {
  return { event, protection: { kind: 'rejected', reason, device } };
}
