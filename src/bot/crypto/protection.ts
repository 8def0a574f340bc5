import type { MegolmMessage } from './sealed-content.ts';

/** Why an encrypted event could not be read; another key, or another look later, may change it. */
export type LockReason =
  /** Its key never came. */
  | 'no-key'
  /** Its sender keeps the key from us (`m.room_key.withheld`). */
  | 'withheld'
  /** Sender's device or identity is not known (yet). */
  | 'unknown-device';

/** Why nothing may follow from an encrypted event, for good. */
export type RejectReason =
  /** Not a proper Megolm message, or a forged one. */
  | 'damaged'
  /** From a device that its owner has not signed. */
  | 'unsigned-device'
  /** The session is another person's. */
  | 'other-sender'
  /** The sender has an identity that nobody approved. */
  | 'changed-identity';

/** What is known of how a timeline event was protected. */
export type Protection =
  | { readonly kind: 'plain' }
  /** Decrypted, from a device that its pinned owner has signed. */
  | { readonly kind: 'sealed'; readonly message: MegolmMessage; readonly device: string | null }
  | { readonly kind: 'locked'; readonly reason: LockReason }
  | { readonly kind: 'rejected'; readonly reason: RejectReason; readonly device: string | null };

/** A timeline event as the inbox may judge it: what was decrypted stands in the place of its cover. */
export interface OpenedEvent {
  readonly event: unknown;
  readonly protection: Protection;
}

/** What there is to say of an event that is not encrypted. */
export const plain: Protection = { kind: 'plain' };
