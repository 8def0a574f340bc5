import type { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import type { UserId } from '../../core/ids.ts';
import { masterKeyOf } from './master-key-of.ts';
import type { CryptoLibrary } from './wasm.ts';

/** What the machine knows of a person's cross-signing identity now. */
export class Identities {
  readonly #library: CryptoLibrary;
  readonly #machine: OlmMachine;

  constructor(library: CryptoLibrary, machine: OlmMachine) {
    this.#library = library;
    this.#machine = machine;
  }

  /** Whether one of the devices that we know of is signed by its owner. */
  async hasSignedDevice(user: UserId): Promise<boolean> {
    const devices = await this.#machine.getUserDevices(new this.#library.UserId(user));
    try {
      return devices.devices().some((device) => device.isCrossSignedByOwner());
    } finally {
      devices.free();
    }
  }

  /** The public master key (unpadded base64); null: this person has no cross-signing identity. */
  async masterKey(user: UserId): Promise<string | null> {
    const identity = await this.#machine.getIdentity(new this.#library.UserId(user));
    if (identity === undefined) return null;
    try {
      return masterKeyOf(identity.masterKey);
    } finally {
      identity.free();
    }
  }
}
