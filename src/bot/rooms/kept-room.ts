import type { RoomId } from '../../core/ids.ts';
import { describeFailure, failureOf } from '../client/failure.ts';
import type { SeenChange } from '../inbox/recorder.ts';
import { ensureRoom, type OwnRoomPlan } from './own-room.ts';
import { inviteListed, warnAboutReaders } from './readers.ts';
import { tellRecoveryKey, type RecoveryNoticeParts } from './recovery-notice.ts';
import type { AcceptedAction, Room } from './room.ts';
import { follow, readTombstone, type Upgrade, type UpgradeParts } from './upgrade.ts';

/** What a kept room works with. */
export interface KeptRoomParts extends UpgradeParts, RecoveryNoticeParts {
  /** People look there no more: what is shown there and matters still is to be shown elsewhere. */
  readonly onLost: (room: RoomId) => void;
}

/** A room that is to be there, and what people may do in it. */
export interface KeptRoomPlan extends OwnRoomPlan {
  readonly accepts: readonly AcceptedAction[];
}

/** One of the bot's own rooms: which it is now, and what is due there. */
export class KeptRoom {
  readonly plan: KeptRoomPlan;
  readonly #parts: KeptRoomParts;
  #id: RoomId | null = null;
  #isMemberCheckDue = false;
  #isInvitingDue = false;
  #isStateCheckDue = false;
  #upgrade: Upgrade | null = null;
  #isFollowDue = false;

  constructor(parts: KeptRoomParts, plan: KeptRoomPlan) {
    this.#parts = parts;
    this.plan = plan;
  }

  /** Null: it can't be used (yet). */
  get id(): RoomId | null {
    return this.#id;
  }

  /** Null: it can't be used (yet). */
  get room(): Room | null {
    const { purpose, accepts } = this.plan;
    return this.#id === null ? null : { id: this.#id, purpose, accepts };
  }

  /**
   * Finds or makes it. Throws `E_ROOM_NOT_JOINED`, `MatrixFailure`.
   * A room whose encryption can't be asked for now is taken, but nothing is sent before it is known.
   */
  async open(): Promise<RoomId> {
    const room = await ensureRoom(this.#parts, this.plan);
    await this.#parts.guard.check(room);
    this.#id = room;
    this.#isInvitingDue = true;
    this.#isMemberCheckDue = true;
    this.#isStateCheckDue = true;
    return room;
  }

  /** The bot is not let in any more. */
  close(): void {
    this.#id = null;
  }

  /** The list of people has changed. */
  peopleChanged(): void {
    this.#isInvitingDue = true;
    this.#isMemberCheckDue = true;
  }

  /** Somebody may be able to read it who could not before. */
  membersChanged(): void {
    this.#isMemberCheckDue = true;
  }

  /** Its state has changed; recorded already. */
  noteState(room: RoomId, changes: readonly SeenChange[]): void {
    for (const { type, sender, content } of changes) {
      if (type === 'm.room.encryption') this.#parts.guard.noteEncrypted(room);
      if (type === 'm.room.member') this.#isMemberCheckDue = true;
      if (type === 'm.room.tombstone') {
        this.#plan(readTombstone(this.#parts, room, sender, content));
      }
    }
  }

  /** Events were missed for good: what they may have told is asked for. */
  noteMissed(room: RoomId): void {
    this.#parts.guard.forget(room);
    this.#isStateCheckDue = true;
    this.#isMemberCheckDue = true;
  }

  /** Whether it waits for an invitation to this room, the one that takes its place. */
  awaits(room: RoomId): boolean {
    if (room !== this.#upgrade?.to) return false;
    this.#isFollowDue = true;
    return true;
  }

  /** What is due, one thing after the other; what fails stays due. Each throws `MatrixFailure`. */
  due(): readonly (() => Promise<void>)[] {
    return [
      ...(this.#isStateCheckDue ? [() => this.#checkState()] : []),
      ...(this.#isFollowDue ? [() => this.#follow()] : []),
      ...(this.#isMemberCheckDue ? [() => this.#checkMembers()] : []),
    ];
  }

  /** A tombstone may have come while nobody looked, or its handling was cut off. */
  async #checkState(): Promise<void> {
    const room = this.#id;
    if (!this.#isStateCheckDue || room === null) return;
    const found = await this.#parts.api.stateEvent(room, 'm.room.tombstone', '');
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
    this.#id = upgrade.to;
    this.#parts.onLost(upgrade.from);
    this.#isMemberCheckDue = true;
    this.#isStateCheckDue = true;
  }

  async #checkMembers(): Promise<void> {
    const room = this.#id;
    if (!this.#isMemberCheckDue || room === null) return;
    this.#isMemberCheckDue = false;
    try {
      if (this.#isInvitingDue && this.#parts.store.find(room)?.origin !== 'named') {
        await inviteListed(this.#parts, room, (error) => describeFailure(failureOf(error)));
      }
      this.#isInvitingDue = false;
      await warnAboutReaders(this.#parts, room);
      if (this.plan.purpose === 'admin') await tellRecoveryKey(this.#parts, room);
    } catch (error) {
      this.#isMemberCheckDue = true;
      throw error;
    }
  }
}
