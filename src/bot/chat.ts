import { rest } from '../platform/clock.ts';
import type { RoomId } from '../core/ids.ts';
import { LockedEvents } from '../platform/store/locked-events.ts';
import { MegolmMessages } from '../platform/store/megolm-messages.ts';
import { RoomStore } from '../platform/store/rooms.ts';
import { SyncPosition } from '../platform/store/sync-position.ts';
import { ChatCrypto } from './chat-crypto.ts';
import type { ChatParts } from './chat-parts.ts';
import { describeFailure, explainFailure, isPassing, MatrixFailure } from './client/failure.ts';
import { DirectChats } from './direct/direct-chats.ts';
import { UnreadableNotices } from './crypto/unreadable-notices.ts';
import { isActionable } from './inbox/actionable.ts';
import { DistrustNotices } from './inbox/distrust-notices.ts';
import { DistrustTrail } from './inbox/distrust-trail.ts';
import { Intake } from './inbox/intake.ts';
import { Locksmith } from './inbox/locksmith.ts';
import { Recorder, type IntakeCounts } from './inbox/recorder.ts';
import type { RoomBatch } from './inbox/room-batch.ts';
import { EncryptionGuard } from './rooms/encryption-guard.ts';
import { Rooms } from './rooms/rooms.ts';
import { RateBudget, type Rate } from './sender/rate-budget.ts';
import { RoomWriter } from './sender/room-writer.ts';
import { Sender } from './sender/sender.ts';
import { Backoff } from './sync/backoff.ts';
import { catchUpLimits } from './sync/catch-up.ts';
import { SyncLoop } from './sync/sync-loop.ts';
import { apologyFor } from './unsendable.ts';

/** Everything of the bot that talks to the home server, put together. */
export class Chat {
  readonly rooms: Rooms;
  readonly sync: SyncLoop;
  readonly #parts: ChatParts;
  readonly #sender: Sender;
  readonly #intake: Intake;
  readonly #recorder: Recorder;
  readonly #budget: RateBudget;
  readonly #guard: EncryptionGuard;
  readonly #crypto: ChatCrypto;
  readonly #locksmith: Locksmith;
  readonly #direct: DirectChats;
  #fail: (error: unknown) => void = () => undefined;

  constructor(parts: ChatParts) {
    this.#parts = parts;
    const { api, self, ledger, outbox, people, clock, log, database, language } = parts;
    const guard = new EncryptionGuard({
      ...{ api, clock, log },
      unreadSince: () => this.sync.unreadSince,
      onKnown: () => {
        this.#sender.wake();
      },
    });
    this.#guard = guard;
    this.#crypto = new ChatCrypto({
      ...{ api, guard, open: parts.openCrypto },
      isListed: (user) => people.roleOf(user) !== null,
      personOf: (room) => this.#direct.rooms.personOf(room),
      unreadable: new UnreadableNotices({ outbox, clock, language }),
      onNewIdentity: (user) => {
        distrust.newIdentity(user, this.rooms.admin ?? store.present('admin'));
        parts.onNewIdentity?.(user);
      },
      onKeys: () => {
        this.rooms.devicesChanged();
        return this.#locksmith.tryAll();
      },
    });
    const store = new RoomStore(database);
    const distrust = new DistrustNotices({
      ...{ outbox, clock, language },
      isListed: (user) => people.roleOf(user) !== null,
      trail: new DistrustTrail({ database, clock, log, audit: parts.onDistrust }),
    });
    const locked = new LockedEvents(database);
    const messages = new MegolmMessages(database);
    const shared = { api, self, database, outbox, people, language, clock, log, guard };
    this.#direct = new DirectChats({
      ...{ ...shared, store, crypto: this.#crypto, secrets: parts.secrets ?? null },
      adminRoom: () => this.rooms.admin,
    });
    this.rooms = new Rooms({
      ...{ ...shared, ledger, store, recoveryKey: parts.recoveryKey ?? null },
      hasSignedDevice: (person) => this.#crypto.hasSignedDevice(person),
      wanted: parts.adminRoom,
      alertRooms: parts.alertRooms ?? [],
      isEncrypted: parts.encryptAdminRoom,
      onLost: (room) => parts.onRoomLost?.(room),
      onFatal: (error) => {
        this.#fail(error);
      },
    });
    this.#intake = new Intake({ ledger, clock, log, handle: parts.handle });
    this.#recorder = new Recorder({
      ...{ database, ledger, outbox, clock, log, language, onStranger: parts.onStranger },
      standpoint: {
        self,
        isListed: (user) => people.roleOf(user) !== null,
        isActionable,
        isOurs: (event) => outbox.isOurs(event),
        isAskedAbout: parts.isAskedAbout ?? (() => false),
        isAskedIn: parts.isAskedIn ?? (() => false),
        isEncrypted: (room) => guard.isEncrypted(room),
        accepts: (room) => this.rooms.accepts(room),
      },
      ...{ locked, messages, distrust },
      onElsewhere: (room) => {
        this.#direct.rooms.refuseCommand(room);
      },
      onState: (room, changes) => {
        if (changes.some(({ type }) => type === 'm.room.member')) this.#crypto.membersChanged(room);
        if (!this.#direct.noteState(room, changes)) this.rooms.noteState(room, changes);
      },
      onPending: () => {
        this.#intake.wake();
      },
    });
    this.sync = new SyncLoop({
      ...{ api, ledger, clock, log },
      limits: parts.limits ?? catchUpLimits,
      ...(parts.longPollMs === undefined ? {} : { longPollMs: parts.longPollMs }),
      ...(parts.timelineLimit === undefined ? {} : { timelineLimit: parts.timelineLimit }),
      position: new SyncPosition(parts.device, self),
      rooms: () => [...this.rooms.ids(), ...this.#direct.rooms.ids()],
      absorb: (...brought) => this.#crypto.absorb(...brought),
      catchUp: (missed) => this.#crypto.catchUp(missed),
      open: (events, room) => this.#crypto.openAll(events, room),
      judge: (event, room) => this.#recorder.judge(event, room),
      record: (batches) => {
        this.#record(batches);
      },
      onRooms: ({ invited, left }) => {
        this.rooms.noteRooms({ invited: this.#direct.takeInvitations(invited), left });
        this.rooms.tick();
        // A row that waited for its own echo need not wait any longer.
        this.#sender.wake();
        this.#direct.wake();
      },
    });
    this.#locksmith = new Locksmith({
      ...{ database, ledger, locked, messages, outbox, clock, log, language, distrust },
      open: (event, room) => this.#crypto.openOne(event, room),
      judge: (event, room) => this.#recorder.judge(event, room),
      onPending: () => {
        this.#intake.wake();
      },
    });
    this.#budget = new RateBudget(() => clock.monotonic());
    this.#sender = new Sender({
      ...{ api, outbox, clock, log, budget: this.#budget },
      ...(parts.window === undefined ? {} : { window: parts.window }),
      ...(parts.staggerMs === undefined ? {} : { staggerMs: parts.staggerMs }),
      encryptionOf: (room) => guard.encryptionOf(room),
      writer: new RoomWriter({
        clock,
        api,
        encryptionOf: (room) => guard.encryptionOf(room),
        sealer: this.#crypto,
        handOver: this.#direct.handOver,
      }),
      hasReadUpTo: (moment) => this.sync.hasReadUpTo(moment),
      transaction: (work) => {
        database.transaction(work);
      },
      onFailed: (item, reason) => {
        if (parts.onUnsent?.(item) === 'room-lost') this.rooms.noteRefused(item.room);
        for (const row of apologyFor(item, reason, language())) outbox.add(row, clock.now());
      },
    });
  }

  /** What came in since the start of the process. */
  get counts(): Readonly<IntakeCounts> {
    return this.#recorder.counts;
  }

  /** A secret was promised to somebody. */
  lookAfterSecrets(): void {
    this.#direct.look();
  }

  /** What the home server is believed to let us send. */
  get rate(): Rate {
    return this.#budget.rate;
  }

  /** Whether only what is encrypted counts in the room. */
  isEncrypted(room: RoomId): boolean {
    return this.#guard.isEncrypted(room);
  }

  /**
   * Lives until aborted: finds or makes the admin room, syncs, hands inputs on, sends. A home server
   * that is away is waited for. Rejects with an `AppError` when it can't go on: `E_TOKEN_REVOKED`,
   * `E_ROOM_NOT_JOINED`, what opening encryption throws, and what the store throws.
   */
  async run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const failed = new Promise<never>((_resolve, reject) => (this.#fail = reject));
    const life = async (): Promise<void> => {
      await this.#open(both);
      await Promise.all([
        this.sync.run(both),
        this.#sender.run(both),
        this.#intake.run(both),
        this.#locksmith.run(both),
        this.#direct.run(both),
      ]);
    };
    const living = life();
    try {
      await Promise.race([living, failed]);
    } finally {
      stop.abort();
      await Promise.allSettled([living]);
    }
  }

  async #open(signal: AbortSignal): Promise<void> {
    const { api, clock, log } = this.#parts;
    const backoff = new Backoff();
    while (!signal.aborted) {
      try {
        await this.#crypto.open();
        await this.rooms.open();
        return;
      } catch (error) {
        if (!(error instanceof MatrixFailure)) throw error;
        if (!isPassing(error.failure)) throw explainFailure(error, api.url);
        const waitMs = backoff.next();
        const fields = { failure: describeFailure(error.failure), waitMs };
        log.warn(fields, 'the admin room can not be opened yet');
        await rest(clock, waitMs, signal);
      }
    }
  }

  #record(batches: readonly RoomBatch[]): void {
    this.#recorder.record(batches);
    this.#locksmith.wake();
    for (const { room, gap } of batches) {
      if (gap.kind !== 'cut') continue;
      this.#crypto.membersChanged(room);
      this.rooms.noteMissed(room);
    }
  }

  /**
   * Waits until everything that people wait for is sent, at most `ms`. False: something is left; it
   * stays in the outbox.
   */
  async flush(ms: number): Promise<boolean> {
    const { outbox, clock } = this.#parts;
    const until = clock.monotonic() + ms;
    while (outbox.waiting('answer') > 0 || this.#sender.inFlight > 0) {
      if (clock.monotonic() >= until) return false;
      await clock.sleep(20);
    }
    return true;
  }
}
