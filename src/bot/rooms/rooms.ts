import type { RoomId } from '../../core/ids.ts';
import { describeFailure, explainFailure, MatrixFailure } from '../client/failure.ts';
import type { SyncAnswer } from '../client/matrix-api.ts';
import { OutsiderLog } from '../inbox/outsider-log.ts';
import type { SeenChange } from '../inbox/recorder.ts';
import { AlertRooms } from './alert-rooms.ts';
import { readRawInviter } from './inviter.ts';
import { KeptRoom, type KeptRoomParts } from './kept-room.ts';
import { acceptedByAdmin, type AcceptedAction, type AlertRoomPlan, type Room } from './room.ts';

/** What the rooms need. */
export interface RoomsParts extends KeptRoomParts {
  /** The admin room, from the config. */
  readonly wanted: 'create' | RoomId;
  readonly alertRooms: readonly AlertRoomPlan[];
  /** The bot can't go on. */
  readonly onFatal: (error: unknown) => void;
}

/** The rooms that are the bot's, and all that happens to rooms as such. */
export class Rooms {
  readonly #parts: RoomsParts;
  readonly #invitations: OutsiderLog;
  readonly #admin: KeptRoom;
  readonly #alerts: AlertRooms;
  #isOpen = false;
  /** The rooms' own business is done one thing after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(parts: RoomsParts) {
    this.#parts = parts;
    const { wanted, alertRooms } = parts;
    this.#invitations = new OutsiderLog(parts.clock, parts.log, 'an invitation was not accepted');
    const accepts = acceptedByAdmin;
    this.#admin = new KeptRoom(parts, { purpose: 'admin', name: null, wanted, accepts });
    this.#alerts = new AlertRooms({ ...parts, admin: () => this.admin }, alertRooms);
  }

  /**
   * Finds or makes the admin room, then those for alerts. Throws `E_ROOM_NOT_JOINED` of the admin
   * room, `MatrixFailure`.
   */
  async open(): Promise<RoomId> {
    const room = await this.#admin.open();
    await this.#alerts.open();
    this.#isOpen = true;
    return room;
  }

  /** Whether it is known which rooms for alerts there are. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The admin room; null before {@link open}. */
  get admin(): RoomId | null {
    return this.#admin.id;
  }

  /** The room for alerts that the config calls so; null: it can't be used. */
  alertRoom(name: string): RoomId | null {
    return this.#alerts.named(name);
  }

  all(): readonly Room[] {
    const { room } = this.#admin;
    return room === null ? [] : [room, ...this.#alerts.rooms()];
  }

  ids(): readonly RoomId[] {
    return this.all().map(({ id }) => id);
  }

  /** What people may do in a room: nothing in one that is not ours. */
  accepts(room: RoomId): readonly AcceptedAction[] {
    return this.all().find(({ id }) => id === room)?.accepts ?? [];
  }

  /** The list of people has changed. */
  peopleChanged(): void {
    for (const each of this.#kept()) each.peopleChanged();
    this.tick();
  }

  /** Somebody has new devices: whoever could not read may be able to now. */
  devicesChanged(): void {
    if (this.#parts.recoveryKey?.isToTell() === true) this.#admin.membersChanged();
  }

  /** State changes of one of our rooms, after they were recorded. */
  noteState(room: RoomId, changes: readonly SeenChange[]): void {
    this.#find(room)?.noteState(room, changes);
  }

  /** Events of a room were missed for good: what they may have told is asked for. */
  noteMissed(room: RoomId): void {
    this.#find(room)?.noteMissed(room);
  }

  /** Invitations and farewells. Only our own rooms are entered, whoever invites. */
  noteRooms({ invited, left }: Pick<SyncAnswer, 'invited' | 'left'>): void {
    const { self, log, api } = this.#parts;
    for (const [room, state] of invited) {
      if (room === this.admin) this.#do(() => api.join(room));
      else if (!this.#kept().some((each) => each.awaits(room)) && !this.#alerts.noteInvited(room)) {
        this.#invitations.note(readRawInviter(state, self) ?? 'unknown', { room });
      }
    }
    for (const room of left) {
      if (room === this.admin) log.error({ room }, 'the bot was put out of its admin room');
      else this.#alerts.noteLost(room);
    }
  }

  /** The home server does not take what we write there. */
  noteRefused(room: RoomId): void {
    this.#alerts.noteLost(room);
  }

  /** What is due is done; what fails stays due until the next tick. Call after every good sync. */
  tick(): void {
    for (const each of this.#kept()) for (const work of each.due()) this.#do(work);
    if (this.#alerts.isDue) this.#do(() => this.#alerts.open());
  }

  /** Settles when all that was begun has ended; for tests and the end of the process. */
  async settled(): Promise<void> {
    await this.#work;
  }

  #kept(): readonly KeptRoom[] {
    return [this.#admin, ...this.#alerts.kept];
  }

  #find(room: RoomId): KeptRoom | null {
    return this.#kept().find(({ id }) => id === room) ?? null;
  }

  #do(work: () => Promise<void>): void {
    const { api, log, onFatal } = this.#parts;
    this.#work = this.#work.then(work).catch((error: unknown) => {
      if (error instanceof MatrixFailure && error.failure.kind !== 'revoked') {
        log.warn({ failure: describeFailure(error.failure) }, 'something about a room has to wait');
      } else onFatal(explainFailure(error, api.url));
    });
  }
}
