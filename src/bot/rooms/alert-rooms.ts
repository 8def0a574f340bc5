import { AppError } from '../../core/errors.ts';
import type { RoomId } from '../../core/ids.ts';
import { say } from '../../core/text.ts';
import { MatrixFailure } from '../client/failure.ts';
import { announce } from '../message-content.ts';
import { KeptRoom, type KeptRoomParts } from './kept-room.ts';
import type { AlertRoomPlan, Room } from './room.ts';

/** What the rooms for alerts work with. */
export interface AlertRoomsParts extends KeptRoomParts {
  /** Where it is said that one can't be used. */
  readonly admin: () => RoomId | null;
}

/** A room that is closed to us is not knocked at more often than this, ms. */
const knockMs = 10 * 60_000;
/** After what may pass, ms. */
const tryAgainMs = 5000;

/**
 * The rooms besides the admin room that the config names for alerts. One that can't be entered, or
 * that the bot was put out of, is not the end of the bot, as the admin room would be: its alerts go
 * to the admin room, which is told so.
 */
export class AlertRooms {
  readonly kept: readonly KeptRoom[];
  readonly #parts: AlertRoomsParts;
  /** By name: before this (steady clock, ms) it is not tried to enter it. */
  readonly #notBefore = new Map<string, number>();
  /** Put out of it: not entered again before somebody invites, or the next start. */
  readonly #left = new Map<string, RoomId>();
  /** Names of which the admin room was told that they can't be used. */
  readonly #told = new Set<string>();

  constructor(parts: AlertRoomsParts, plans: readonly AlertRoomPlan[]) {
    this.#parts = parts;
    this.kept = plans.map((plan) => new KeptRoom(parts, { ...plan, purpose: 'alerts' }));
  }

  /** Null: there is none of this name, or it can't be used. */
  named(name: string): RoomId | null {
    return this.kept.find(({ plan }) => plan.name === name)?.id ?? null;
  }

  rooms(): readonly Room[] {
    return this.kept.flatMap(({ room }) => room ?? []);
  }

  /** Enters those that are not open. Throws only what makes it impossible to go on. */
  async open(): Promise<void> {
    for (const each of this.kept) if (this.#isToOpen(each)) await this.#open(each);
  }

  /** Whether any is to be entered now. */
  get isDue(): boolean {
    return this.kept.some((each) => this.#isToOpen(each));
  }

  #isToOpen({ id, plan }: KeptRoom): boolean {
    const name = plan.name ?? '';
    const now = this.#parts.clock.monotonic();
    return id === null && !this.#left.has(name) && now >= (this.#notBefore.get(name) ?? 0);
  }

  async #open(kept: KeptRoom): Promise<void> {
    const name = kept.plan.name ?? '';
    const { clock, log } = this.#parts;
    try {
      await kept.open();
      this.#notBefore.delete(name);
      this.#told.delete(name);
    } catch (error) {
      const isClosed =
        (error instanceof AppError && error.code === 'E_ROOM_NOT_JOINED') ||
        (error instanceof MatrixFailure && error.failure.kind === 'refused');
      const isPassing = error instanceof MatrixFailure && error.failure.kind !== 'revoked';
      if (!isClosed && !isPassing) throw error;
      log.warn({ err: error, name }, 'an alert room can not be entered');
      this.#notBefore.set(name, clock.monotonic() + (isClosed ? knockMs : tryAgainMs));
      if (isClosed) this.#tell(name);
    }
  }

  /** Somebody invites us. False: it is none of these rooms. */
  noteInvited(room: RoomId): boolean {
    const name = [...this.#left].find(([, left]) => left === room)?.[0];
    const wanted = this.kept.find(({ id, plan }) => id === null && plan.wanted === room);
    const found = name ?? wanted?.plan.name ?? null;
    if (found === null) return false;
    this.#left.delete(found);
    this.#notBefore.delete(found);
    return true;
  }

  /** We are in it no more, or may not write there. False: it is none of these rooms. */
  noteLost(room: RoomId): boolean {
    const kept = this.kept.find(({ id }) => id === room);
    if (kept === undefined) return false;
    const name = kept.plan.name ?? '';
    kept.close();
    this.#left.set(name, room);
    this.#parts.log.error({ room, name }, 'an alert room can not be used any more');
    this.#tell(name);
    this.#parts.onLost(room);
    return true;
  }

  #tell(name: string): void {
    const { admin, outbox, clock, language } = this.#parts;
    const room = admin();
    if (room === null || this.#told.has(name)) return;
    this.#told.add(name);
    const nodes = [
      { type: 'outcome', outcome: 'warning', text: say('room.alerts.closed', { name }) },
      { type: 'hint', text: say('room.alerts.closed.next') },
    ] as const;
    for (const row of announce({ room, nodes, language: language() })) outbox.add(row, clock.now());
  }
}
