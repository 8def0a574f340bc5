import type { RoomId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';

/** What the crypto machine wants sent; `body` is JSON text that it made. */
export type MachineRequest =
  | { readonly kind: 'keys-upload'; readonly body: string }
  | { readonly kind: 'keys-query'; readonly body: string }
  | { readonly kind: 'keys-claim'; readonly body: string }
  | {
      readonly kind: 'to-device';
      readonly eventType: string;
      readonly transactionId: string;
      readonly body: string;
    }
  | { readonly kind: 'signature-upload'; readonly body: string }
  | {
      readonly kind: 'room-message';
      readonly room: RoomId;
      readonly eventType: string;
      readonly transactionId: string;
      readonly body: string;
    }
  | { readonly kind: 'keys-backup'; readonly version: string; readonly body: string };

/** A server-side backup of room keys (spec, "Server-side key backups"). */
export interface BackupVersion {
  readonly version: string;
  readonly algorithm: string;
  readonly authData: JsonObject;
}

/** Room keys in a backup, still encrypted: by room id, then by session id. */
export type BackedUpKeys = ReadonlyMap<RoomId, ReadonlyMap<string, JsonObject>>;

/**
 * The end-to-end encryption modules of the client-server API v3, as far as the bot needs them.
 * Every call throws `MatrixFailure`.
 */
export interface CryptoApi {
  /** Sends one request of the machine; returns the answer as JSON text, as the machine wants it. */
  perform(request: MachineRequest): Promise<string>;
  /**
   * Publishes cross-signing keys. A home server takes the first ones without further
   * authentication (MSC3967); replacing them is refused.
   */
  uploadSigningKeys(body: string): Promise<void>;
  /** Null: the account has no such data. */
  accountData(type: string): Promise<JsonObject | null>;
  putAccountData(type: string, content: JsonObject): Promise<void>;
  /** The current backup; null: there is none. */
  backupVersion(): Promise<BackupVersion | null>;
  /** Makes a backup and returns its version. */
  createBackup(algorithm: string, authData: JsonObject): Promise<string>;
  /** All that a backup holds: by room, by session. */
  backedUpKeys(version: string): Promise<BackedUpKeys>;
}
