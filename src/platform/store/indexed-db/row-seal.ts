import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { authenticate, type MasterKey, type PurposeKey } from '../master-key.ts';

/** A row: its key as {@link keyText} and its value as bytes. */
export interface PlainRow {
  readonly key: string;
  readonly value: Uint8Array;
}

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const lengthBytes = 4;

/** AES-256-GCM for rows, and addresses under which they are found without showing their keys. */
export class RowSeal {
  readonly #addressKey: PurposeKey;
  readonly #rowKey: PurposeKey;

  constructor(masterKey: MasterKey) {
    this.#addressKey = masterKey.derive('indexed-db-address');
    this.#rowKey = masterKey.derive('indexed-db-row');
  }

  /** Tells one master key from another and nothing about it. */
  fingerprint(): Buffer {
    return authenticate(this.#addressKey, 'fingerprint');
  }

  /** Where the row with this key stands in a store. */
  address(store: number, key: string): Buffer {
    return authenticate(this.#addressKey, `${store} `, key);
  }

  /** Encrypts; the result opens only in this store and at the address of its key. */
  seal(store: number, { key, value }: PlainRow): Buffer {
    const nonce = randomBytes(nonceBytes);
    const encryption = createCipheriv(cipher, this.#rowKey.reveal(), nonce);
    encryption.setAAD(this.#bound(store, this.address(store, key)));
    const keyBytes = Buffer.from(key, 'utf8');
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32BE(keyBytes.length);
    const body = [length, keyBytes, value].map((part) => encryption.update(part));
    body.push(encryption.final());
    return Buffer.concat([nonce, encryption.getAuthTag(), ...body]);
  }

  /** Throws where the row is damaged, stands elsewhere or was written with another key. */
  open(store: number, address: Uint8Array, sealed: Uint8Array): PlainRow {
    const nonce = sealed.subarray(0, nonceBytes);
    const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
    const decryption = createDecipheriv(cipher, this.#rowKey.reveal(), nonce, {
      authTagLength: tagBytes,
    });
    decryption.setAAD(this.#bound(store, address)).setAuthTag(tag);
    const body = Buffer.concat([
      decryption.update(sealed.subarray(nonceBytes + tagBytes)),
      decryption.final(),
    ]);
    const valueAt = lengthBytes + body.readUInt32BE(0);
    return { key: body.toString('utf8', lengthBytes, valueAt), value: body.subarray(valueAt) };
  }

  /** The row's open columns, so that swapping them between rows is found out. */
  #bound(store: number, address: Uint8Array): Buffer {
    return Buffer.concat([Buffer.from(`${store} `), address]);
  }
}
