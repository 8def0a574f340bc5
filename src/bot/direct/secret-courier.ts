import type { UserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import { opensNothing, type SealedSecrets } from '../../platform/store/sealed-secrets.ts';
import type { OpenErrand, SecretErrands } from '../../platform/store/secret-errands.ts';
import { describeFailure, MatrixFailure } from '../client/failure.ts';
import { Signal } from '../signal.ts';
import type { DirectRooms } from './direct-rooms.ts';

/** What the courier is made of. */
export interface SecretCourierParts {
  readonly database: Database;
  readonly errands: SecretErrands;
  readonly outbox: SqliteOutbox;
  readonly secrets: Pick<SealedSecrets, 'peek' | 'open'>;
  readonly rooms: Pick<DirectRooms, 'ensure' | 'of' | 'obstacle'>;
  readonly hasSignedDevice: (person: UserId) => Promise<boolean>;
  readonly isListed: (person: UserId) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Brings secrets to their persons. The person is invited to the direct room once for each; the
 * secret goes into the outbox when the person has joined, and its code is used up when it is in the
 * room. Until then, and where none of this comes about (no signed device, nobody joins, others are
 * in the room), the code opens it on the server as long as it lives.
 */
export class SecretCourier {
  readonly #parts: SecretCourierParts;
  readonly #changed = new Signal();
  /** Asking the home server who is in a room is worth it. */
  #isLookDue = true;
  #hasErrands = true;

  constructor(parts: SecretCourierParts) {
    this.#parts = parts;
  }

  /** A secret was made, or somebody has joined or left a direct room. */
  look(): void {
    this.#isLookDue = true;
    this.#hasErrands = true;
    this.#changed.notify();
  }

  /** A sync was good, or a row was sent: what had to wait may be possible. */
  wake(): void {
    if (this.#hasErrands) this.#changed.notify();
  }

  /** Until aborted. Rejects with what the store throws. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = this.#parts.outbox.subscribe(() => {
      this.wake();
    });
    try {
      while (!signal.aborted) {
        await this.#pass(signal);
        await this.#changed.wait(signal);
      }
    } finally {
      stop();
    }
  }

  async #pass(signal: AbortSignal): Promise<void> {
    const { errands } = this.#parts;
    for (const errand of errands.open()) this.#settle(errand);
    const isLookDue = this.#isLookDue;
    this.#isLookDue = false;
    const open = errands.open();
    this.#hasErrands = open.length > 0;
    if (!isLookDue) return;
    for (const errand of open) {
      if (signal.aborted) return;
      if (errand.out !== null) continue;
      try {
        await this.#begin(errand);
      } catch (error) {
        if (!(error instanceof MatrixFailure)) throw error;
        const { log } = this.#parts;
        this.#isLookDue = error.failure.kind !== 'refused';
        const fields = { person: errand.person, failure: describeFailure(error.failure) };
        log.warn(fields, 'a secret can not be handed over yet');
      }
    }
  }

  /** Takes note of what became of it, after this process sent it or an earlier one. */
  #settle({ code, out, expiresAt, person }: OpenErrand): void {
    const { database, errands, outbox, secrets, clock, log } = this.#parts;
    const fate = out === null ? null : outbox.fateOf(out);
    if (fate?.state === 'queued') return;
    if (fate?.state === 'sent') {
      database.transaction(() => {
        useUp(secrets, code);
        errands.end(code);
      });
      log.info({ person, event: fate.eventId }, 'a secret was handed over');
      return;
    }
    if (expiresAt <= clock.now() || secrets.peek(code) === null || fate?.state === 'failed') {
      errands.end(code);
    } else if (out !== null) errands.setOut(code, null);
  }

  async #begin({ code, person, label, language, isCalled }: OpenErrand): Promise<void> {
    const { database, errands, outbox, rooms, clock, log, isListed } = this.#parts;
    if (!isListed(person) || !(await this.#parts.hasSignedDevice(person))) {
      log.info({ person }, 'a secret is not handed over: the person has no signed device');
      errands.end(code);
      return;
    }
    const room = isCalled ? rooms.of(person) : await rooms.ensure(person);
    errands.setCalled(code);
    if (room === null || (await rooms.obstacle(room, person)) !== null) return;
    database.transaction(() => {
      const body = { kind: 'secret', code, person, label, language } as const;
      const row = { room, lane: `secret ${person}`, priority: 'answer', body } as const;
      errands.setOut(code, outbox.add(row, clock.now()));
    });
  }
}

/** The code opens nothing any more; it may have been used on the server in the same moment. */
function useUp(secrets: Pick<SealedSecrets, 'open'>, code: string): void {
  try {
    secrets.open(code);
  } catch (error) {
    if (!opensNothing(error)) throw error;
  }
}
