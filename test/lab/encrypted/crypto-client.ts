import { setTimeout as pause } from 'node:timers/promises';
import { quiet } from './quiet.ts';
import {
  ClientEvent,
  createClient,
  MatrixEvent,
  MatrixEventEvent,
  SyncState,
  type MatrixClient,
} from 'matrix-js-sdk';
import {
  AllDevicesIsolationMode,
  DecryptionFailureCode,
  EventShieldColour,
  EventShieldReason,
  OnlySignedDevicesIsolationMode,
  type CryptoApi,
} from 'matrix-js-sdk/lib/crypto-api/index.js';
import type { CryptoBackend } from 'matrix-js-sdk/lib/common-crypto/CryptoBackend.js';
import type { Encryption, LabEvent } from '../event.ts';
import { LabError } from '../failure.ts';
import type { Account } from '../synapse/accounts.ts';
import { until } from '../wait.ts';
import { skipQuietSyncs } from './quiet-syncs.ts';
import type { SyncTap } from './sync-tap.ts';

/**
 * Which devices a client writes to and reads from. `signed`: only such as their owners have
 * cross-signed, which is the rule of Element since April 2026. `all`: as clients did before.
 */
export type Isolation = 'signed' | 'all';

/** What an encrypted event says on the wire. */
export interface Ciphertext {
  readonly type: string;
  readonly content: Record<string, unknown>;
}

const isBackend = (crypto: CryptoApi): crypto is CryptoBackend => 'encryptEvent' in crypto;

/** The Matrix SDK that Element is made of, with its Rust crypto in memory. */
export class CryptoClient {
  readonly sdk: MatrixClient;
  readonly crypto: CryptoBackend;
  readonly #refreshing = new Map<string, Promise<void>>();

  private constructor(sdk: MatrixClient, crypto: CryptoBackend) {
    this.sdk = sdk;
    this.crypto = crypto;
  }

  /** Opens the crypto of a session whose device has never had any. Does not sync yet. */
  static async open(
    baseUrl: string,
    account: Account,
    tap: SyncTap,
    isolation: Isolation,
  ): Promise<CryptoClient> {
    const sdk = createClient({
      baseUrl,
      userId: account.userId,
      deviceId: account.deviceId,
      accessToken: account.accessToken,
      fetchFn: tap.fetch,
      logger: quiet,
      disableVoip: true,
    });
    await sdk.initRustCrypto({ useIndexedDB: false });
    const crypto = sdk.getCrypto();
    if (crypto === undefined || !isBackend(crypto)) {
      throw new LabError('the Matrix SDK came without its crypto');
    }
    skipQuietSyncs(crypto);
    crypto.setDeviceIsolationMode(
      isolation === 'signed'
        ? new OnlySignedDevicesIsolationMode()
        : new AllDevicesIsolationMode(false),
    );
    return new CryptoClient(sdk, crypto);
  }

  /** Syncs until `stop`; calls `onAnswer` with the token of each answer that the SDK has taken. */
  async start(onAnswer: (nextBatch: string) => void): Promise<void> {
    this.sdk.on(ClientEvent.Sync, (state, _before, data) => {
      if (state === SyncState.Syncing && data?.nextSyncToken !== undefined) {
        onAnswer(data.nextSyncToken);
      }
    });
    await this.sdk.startClient({ disablePresence: true, threadSupport: false });
  }

  stop(): void {
    this.sdk.stopClient();
  }

  /** Encrypts an event for all members of a room, after handing them the keys they need. */
  async encrypt(
    roomId: string,
    type: string,
    content: Readonly<Record<string, unknown>>,
  ): Promise<Ciphertext> {
    const known = async (): Promise<true | undefined> =>
      this.sdk.getRoom(roomId)?.getMyMembership() === 'join' &&
      (await this.crypto.isEncryptionEnabledInRoom(roomId))
        ? true
        : undefined;
    await until(`the encrypted room ${roomId} in the SDK`, known, { timeoutMs: 60_000 });
    const room = this.sdk.getRoom(roomId);
    if (room === null) throw new LabError(`the SDK has lost the room ${roomId}`);
    const event = new MatrixEvent({ type, content: { ...content }, room_id: roomId });
    await this.crypto.encryptEvent(event, room);
    return { type: event.getWireType(), content: event.getWireContent() };
  }

  /**
   * What an event holds, as far as this device can and may read it. `onLater` is called when it
   * can, should the key come later.
   */
  async decrypt(
    roomId: string,
    event: LabEvent,
    onLater?: (event: LabEvent) => void,
  ): Promise<LabEvent> {
    if (event.type !== 'm.room.encrypted' || event.state_key !== undefined) {
      return { ...event, encryption: { wasEncrypted: false, verdict: 'plain', reason: '' } };
    }
    if (event.content['algorithm'] === undefined) {
      // Redacted, or forged without anything to decrypt.
      return { ...event, encryption: { ...undecryptable(event), reason: 'NO_CIPHERTEXT' } };
    }
    const decrypted = await this.#opened(roomId, event);
    if (decrypted.isDecryptionFailure() && onLater !== undefined) {
      decrypted.on(MatrixEventEvent.Decrypted, () => {
        if (!decrypted.isDecryptionFailure()) void this.#shown(event, decrypted).then(onLater);
      });
    }
    return this.#shown(event, decrypted);
  }

  /** Asks the server for a person's identity and devices, whatever is known of them already. */
  async refreshKeys(userId: string): Promise<void> {
    let running = this.#refreshing.get(userId);
    if (running === undefined) {
      // The one public way of the SDK to do so: before it looks for a bundle of room keys from
      // somebody (which nobody sends here) it makes sure that it knows his devices.
      running = this.crypto.maybeAcceptKeyBundle('!none:lab.test', userId).then(() => undefined);
      this.#refreshing.set(userId, running);
    }
    try {
      await running;
    } finally {
      this.#refreshing.delete(userId);
    }
  }

  /**
   * Tries to decrypt. A key that comes right after its message, and a sender whose devices are
   * not known yet, are waited for: a test is to see what a person sees a moment later.
   */
  async #opened(roomId: string, event: LabEvent): Promise<MatrixEvent> {
    const first = await this.#attempt(roomId, event);
    if (first.decryptionFailureReason === DecryptionFailureCode.MEGOLM_UNKNOWN_INBOUND_SESSION_ID) {
      await decryptedWithin(first, keyPatienceMs);
    }
    const reason = first.decryptionFailureReason;
    if (reason === null || !maybeNotKnownYet.has(reason)) return first;
    await this.refreshKeys(event.sender);
    return this.#attempt(roomId, event);
  }

  async #attempt(roomId: string, event: LabEvent): Promise<MatrixEvent> {
    const { event_id, type, sender, origin_server_ts } = event;
    // The SDK changes what it is given.
    const content = structuredClone(event.content);
    const wire = { event_id, type, sender, origin_server_ts, content, room_id: roomId };
    const attempted = new MatrixEvent(wire);
    await this.sdk.decryptEventIfNeeded(attempted);
    return attempted;
  }

  async #shown(event: LabEvent, decrypted: MatrixEvent): Promise<LabEvent> {
    const encryption = undecryptable(event);
    const reason = decrypted.decryptionFailureReason;
    if (reason !== null) {
      const verdict = distrust.has(reason) ? 'distrusted' : 'undecryptable';
      return { ...event, encryption: { ...encryption, verdict, reason } };
    }
    const shield = await this.crypto.getEncryptionInfoForEvent(decrypted);
    const isTrusted = shield?.shieldColour === EventShieldColour.NONE;
    return {
      ...event,
      type: decrypted.getType(),
      content: { ...decrypted.getClearContent() },
      encryption: {
        ...encryption,
        verdict: isTrusted ? 'trusted' : 'distrusted',
        reason: isTrusted ? '' : (EventShieldReason[shield?.shieldReason ?? 0] ?? 'UNKNOWN'),
      },
    };
  }
}

/** The SDK's words for "I could read it, but I will not have it". */
const distrust = new Set([
  DecryptionFailureCode.SENDER_IDENTITY_PREVIOUSLY_VERIFIED,
  DecryptionFailureCode.UNSIGNED_SENDER_DEVICE,
  DecryptionFailureCode.UNKNOWN_SENDER_DEVICE,
]);

/** What it says also of a device that it has only not heard of yet. */
const maybeNotKnownYet = new Set([
  DecryptionFailureCode.UNSIGNED_SENDER_DEVICE,
  DecryptionFailureCode.UNKNOWN_SENDER_DEVICE,
]);

/** How long a message waits for a key that was sent just after it. */
const keyPatienceMs = 300;

/** Returns once the event is decrypted, or after so many milliseconds. */
const decryptedWithin = async (event: MatrixEvent, ms: number): Promise<void> => {
  const over = new AbortController();
  const opened = (): void => {
    if (!event.isDecryptionFailure()) over.abort();
  };
  event.on(MatrixEventEvent.Decrypted, opened);
  await pause(ms, undefined, { signal: over.signal }).catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  event.off(MatrixEventEvent.Decrypted, opened);
};

const undecryptable = ({ content }: LabEvent): Encryption => {
  const sessionId = content['session_id'];
  const facts = { wasEncrypted: true, verdict: 'undecryptable', reason: '' } as const;
  return typeof sessionId === 'string' ? { ...facts, sessionId } : facts;
};
