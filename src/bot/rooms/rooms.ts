import type { RoomId } from '../../core/ids.ts';
import { describeFailure, explainFailure, failureOf, MatrixFailure } from '../client/failure.ts';
import type { SyncAnswer } from '../client/matrix-api.ts';
import { OutsiderLog } from '../inbox/outsider-log.ts';
import type { SeenChange } from '../inbox/recorder.ts';
import { readRawInviter } from './inviter.ts';
import { ensureAdminRoom } from './admin-room.ts';
import { inviteListed, warnAboutReaders } from './readers.ts';
import { tellRecoveryKey, type RecoveryNoticeParts } from './recovery-notice.ts';
import { acceptedFor, type Room } from './room.ts';
import { follow, readTombstone, type Upgrade, type UpgradeParts } from './upgrade.ts';

/** What the rooms need. */
export interface RoomsParts extends UpgradeParts, RecoveryNoticeParts {
  /** The bot can't go on. */
  readonly onFatal: (error: unknown) => void;
}

/** The rooms that are the bot's, and all that happens to rooms as such. */
export class Rooms {
  readonly #parts: RoomsParts;
  readonly #invitations: OutsiderLog;
  #admin: RoomId | null = null;
  #isMemberCheckDue = false;
  #isInvitingDue = false;
  #isStateCheckDue = false;
  #upgrade: Upgrade | null = null;
  #isFollowDue = false;
  /** The room's own business is done one thing after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(parts: RoomsParts) {
    this.#parts = parts;
    this.#invitations = new OutsiderLog(parts.clock, parts.log, 'an invitation was not accepted');
  }

  /**
   * Finds or makes the admin room. Throws `E_ROOM_NOT_JOINED`, `MatrixFailure`.
   * A room whose encryption can't be asked for now is taken, but nothing is sent before it is known.
   */
  async open(): Promise<RoomId> {
    const { guard } = this.#parts;
    const room = await ensureAdminRoom(this.#parts);
    await guard.check(room);
    this.#admin = room;
    this.#isInvitingDue = true;
    this.#isMemberCheckDue = true;
    this.#isStateCheckDue = true;
    return room;
  }

  /** The admin room; null before {@link open}. */
  get admin(): RoomId | null {
    return this.#admin;
  }

  all(): readonly Room[] {
    if (this.#admin === null) return [];
    return [{ id: this.#admin, purpose: 'admin', accepts: acceptedFor.admin }];
  }

  ids(): readonly RoomId[] {
    return this.#admin === null ? [] : [this.#admin];
  }

  /** The list of people has changed. */
  peopleChanged(): void {
    this.#isInvitingDue = true;
    this.#isMemberCheckDue = true;
    this.tick();
  }

  /** Somebody has new devices: whoever could not read may be able to now. */
  devicesChanged(): void {
    if (this.#parts.recoveryKey?.isToTell() === true) this.#isMemberCheckDue = true;
  }

  /** State changes of one of our rooms, after they were recorded. */
  noteState(room: RoomId, changes: readonly SeenChange[]): void {
    for (const { type, sender, content } of changes) {
      if (type === 'm.room.encryption') this.#parts.guard.noteEncrypted(room);
      if (type === 'm.room.member') this.#isMemberCheckDue = true;
      if (type === 'm.room.tombstone') {
        this.#plan(readTombstone(this.#parts, room, sender, content));
      }
    }
  }

  /** Events of a room were missed for good: what they may have told is asked for. */
  noteMissed(room: RoomId): void {
    this.#parts.guard.forget(room);
    this.#isStateCheckDue = true;
    this.#isMemberCheckDue = true;
  }

  /** Invitations and farewells. Only our own rooms are entered, whoever invites. */
  noteRooms({ invited, left }: Pick<SyncAnswer, 'invited' | 'left'>): void {
    const { self, log } = this.#parts;
    for (const [room, state] of invited) {
      if (room === this.#admin) this.#do(() => this.#parts.api.join(room));
      else if (room === this.#upgrade?.to) this.#isFollowDue = true;
      else {
        this.#invitations.note(readRawInviter(state, self) ?? 'unknown', { room });
      }
    }
    for (const room of left) {
      if (room === this.#admin) log.error({ room }, 'the bot was put out of its admin room');
    }
  }

  /** What is due is done; what fails stays due until the next tick. Call after every good sync. */
  tick(): void {
    if (this.#isStateCheckDue) this.#do(() => this.#checkState());
    if (this.#isFollowDue) this.#do(() => this.#follow());
    if (this.#isMemberCheckDue) this.#do(() => this.#checkMembers());
  }

  /** Settles when all that was begun has ended; for tests and the end of the process. */
  async settled(): Promise<void> {
    await this.#work;
  }

  #do(work: () => Promise<void>): void {
    const { api, log, onFatal } = this.#parts;
    this.#work = this.#work.then(work).catch((error: unknown) => {
      if (error instanceof MatrixFailure && error.failure.kind !== 'revoked') {
        log.warn({ failure: describeFailure(error.failure) }, 'something about a room has to wait');
      } else onFatal(explainFailure(error, api.url));
    });
  }

  /** A tombstone may have come while nobody looked, or its handling was cut off. */
  async #checkState(): Promise<void> {
    const { api } = this.#parts;
    const room = this.#admin;
    if (!this.#isStateCheckDue || room === null) return;
    const found = await api.stateEvent(room, 'm.room.tombstone', '');
    this.#isStateCheckDue = false;
    if (found === null) return;
    this.#plan(readTombstone(this.#parts, room, found.sender, found.content));
    await this.#follow();
  }

  #plan(upgrade: Upgrade | null): void {
    if (upgrade === null) return;
    this.#upgrade = upgrade;
    this.#isFollowDue = true;
  }

  async #follow(): Promise<void> {
    const upgrade = this.#upgrade;
    if (!this.#isFollowDue || upgrade === null) return;
    const result = await follow(this.#parts, upgrade);
    // Not let in: the invitation, or the next start, makes it due again.
    this.#isFollowDue = false;
    if (result === 'waiting') return;
    this.#upgrade = null;
    if (result === 'refused') return;
    this.#admin = upgrade.to;
    this.#isMemberCheckDue = true;
    this.#isStateCheckDue = true;
  }

  async #checkMembers(): Promise<void> {
    const room = this.#admin;
    if (!this.#isMemberCheckDue || room === null) return;
    this.#isMemberCheckDue = false;
    try {
      if (this.#isInvitingDue && this.#parts.store.find(room)?.origin !== 'named') {
        await inviteListed(this.#parts, room, (error) => describeFailure(failureOf(error)));
      }
      this.#isInvitingDue = false;
      await warnAboutReaders(this.#parts, room);
      await tellRecoveryKey(this.#parts, room);
    } catch (error) {
      this.#isMemberCheckDue = true;
      throw error;
    }
  }
}
