import type { EventId, RoomId, UserId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { Language } from '../core/words/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/store/database.ts';
import type { SqliteLedger } from '../platform/store/ledger-store.ts';
import type { PendingInput } from '../platform/store/ledger.ts';
import type { OutboxItem } from '../platform/store/outbox.ts';
import type { SqliteOutbox } from '../platform/store/outbox-store.ts';
import type { SealedSecrets } from '../platform/store/sealed-secrets.ts';
import type { ChatTuning } from './chat-tuning.ts';
import type { MatrixApi } from './client/matrix-api.ts';
import type { CryptoSurroundings, RoomCrypto } from './crypto/room-crypto.ts';
import type { DistrustTrailParts } from './inbox/distrust-trail.ts';
import type { StrangerCommand } from './inbox/recorder.ts';
import type { RecoveryNoticeParts } from './rooms/recovery-notice.ts';
import type { AlertRoomPlan, Listed } from './rooms/room.ts';

/** What the Matrix side of the bot is made of. */
export interface ChatParts extends ChatTuning {
  readonly api: MatrixApi;
  readonly self: UserId;
  /** `state.sqlite`; ledger and outbox lie in it too. */
  readonly database: Database;
  readonly ledger: SqliteLedger;
  readonly outbox: SqliteOutbox;
  /** `device.sqlite` */
  readonly device: Database;
  readonly people: Listed;
  /** From the config. */
  readonly adminRoom: 'create' | RoomId;
  /** From the config: whether a room that the bot makes is encrypted. */
  readonly encryptAdminRoom: boolean;
  /** From the config. Default: there are none. */
  readonly alertRooms?: readonly AlertRoomPlan[];
  /** See `KeptRoomParts.onLost`. */
  readonly onRoomLost?: (room: RoomId) => void;
  /**
   * A row can never be sent; part of the transaction that notes it. `room-lost`: it is such that the
   * room can't be used any more.
   */
  readonly onUnsent?: (item: OutboxItem) => 'room-lost' | null;
  /** Language of what the bot says of its own accord. */
  readonly language: () => Language;
  readonly clock: Clock;
  readonly log: Log;
  /** See `IntakeParts.handle`. */
  readonly handle: (input: PendingInput) => Promise<void>;
  /** See `RecorderParts.onStranger`. */
  readonly onStranger: (command: StrangerCommand) => void;
  /** See `DistrustTrailParts.audit`. */
  readonly onDistrust: DistrustTrailParts['audit'];
  /** Somebody on the list may not be who it was: part of the transaction that notes it. */
  readonly onNewIdentity?: (user: UserId) => void;
  /** See `Standpoint.isAskedAbout`. Default: there are no questions. */
  readonly isAskedAbout?: (command: EventId) => boolean;
  /** See `Standpoint.isAskedIn`. Default: there are no questions. */
  readonly isAskedIn?: (thread: EventId) => boolean;
  /** Handed over in direct chats. Default: there are none. */
  readonly secrets?: SealedSecrets;
  /** The admin room is told once that it waits. Default: there is none. */
  readonly recoveryKey?: NonNullable<RecoveryNoticeParts['recoveryKey']>;
  /** Opens what encrypts and decrypts; tried again where it throws `MatrixFailure` that may pass. */
  readonly openCrypto: (surroundings: CryptoSurroundings) => Promise<RoomCrypto>;
}
