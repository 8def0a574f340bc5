import { LabError, textOf } from '../failure.ts';
import { SeenRooms, type Session } from '../seen.ts';
import type { Eyes } from '../sync.ts';
import type { Timeline } from '../timeline.ts';
import { within } from '../wait.ts';
import type { CryptoClient } from './crypto-client.ts';
import type { SyncTap } from './sync-tap.ts';

/** Sees the rooms through the Matrix SDK's syncs, decrypted. */
export class CryptoEyes implements Eyes {
  readonly #session: Session;
  readonly #client: CryptoClient;
  readonly #tap: SyncTap;
  #seen: SeenRooms;
  /** Answers are taken one after the other, as they came. */
  #taking: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(session: Session, client: CryptoClient, tap: SyncTap) {
    this.#session = session;
    this.#client = client;
    this.#tap = tap;
    this.#seen = this.#nothingSeen();
  }

  get invites(): ReadonlySet<string> {
    return this.#seen.invites;
  }

  get directInvites(): ReadonlySet<string> {
    return this.#seen.directInvites;
  }

  get position(): string | undefined {
    return this.#seen.position;
  }

  timeline(roomId: string): Timeline {
    return this.#seen.timeline(roomId);
  }

  onBatch(look: () => void): () => void {
    this.#waiting.add(look);
    return () => void this.#waiting.delete(look);
  }

  async start(): Promise<void> {
    await this.#nextBatch(() =>
      this.#client.start((nextBatch) => {
        const answer = this.#tap.take(nextBatch);
        if (answer === undefined) return;
        const seen = this.#seen;
        this.#taking = this.#taking.then(() => this.#take(seen, answer));
      }),
    );
  }

  /** @throws what went wrong while it looked: an answer that is no sync answer. */
  async stop(): Promise<void> {
    this.#client.stop();
    await this.#taking;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async lookAgain(): Promise<void> {
    await this.#nextBatch(() => {
      this.#seen = this.#nothingSeen();
      this.#tap.readAnew();
    });
  }

  #nothingSeen(): SeenRooms {
    const seen = new SeenRooms(this.#session, (roomId, event) =>
      this.#client.decrypt(roomId, event, (later) => {
        seen.timeline(roomId).replace(later);
      }),
    );
    return seen;
  }

  async #take(seen: SeenRooms, answer: unknown): Promise<void> {
    try {
      await seen.take(answer);
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new LabError(textOf(error));
    }
    // What came before all was forgotten is no news.
    if (seen === this.#seen) for (const look of [...this.#waiting]) look();
  }

  async #nextBatch(work: () => void | Promise<void>): Promise<void> {
    let unhook: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => {
      unhook = this.onBatch(resolve);
    });
    try {
      await work();
      await within("the SDK's first sync", taken, 60_000);
    } finally {
      unhook();
    }
  }
}
