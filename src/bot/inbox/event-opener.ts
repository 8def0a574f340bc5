import { z } from 'zod';
import type { RoomId, UserId } from '../../core/ids.ts';
import { userIdSchema } from '../client/answers.ts';
import type { OpenedEvent } from '../crypto/protection.ts';
import type { RoomCrypto } from '../crypto/room-crypto.ts';
import type { EncryptionGuard } from '../rooms/encryption-guard.ts';

/** What the opener works with. */
export interface EventOpenerParts {
  readonly crypto: () => Pick<RoomCrypto, 'follow' | 'openEvent'>;
  readonly guard: Pick<EncryptionGuard, 'ask' | 'noteEncrypted'>;
}

const frame = z.object({
  type: z.string(),
  sender: userIdSchema,
  state_key: z.string().optional(),
});

/** Opens what comes out of a room, so that the inbox can judge it. */
export class EventOpener {
  readonly #parts: EventOpenerParts;
  readonly #followed = new Set<UserId>();

  constructor(parts: EventOpenerParts) {
    this.#parts = parts;
  }

  /**
   * Opens a stretch of a room's timeline, in its order. On return it is known whether the room is
   * encrypted: what is said in clear can't be judged without. Throws `MatrixFailure`.
   */
  async open(events: readonly unknown[], room: RoomId): Promise<readonly OpenedEvent[]> {
    const { guard, crypto } = this.#parts;
    const frames = events.map((event) => frame.safeParse(event).data);
    const turnsOn = frames.some(
      (each) => each?.type === 'm.room.encryption' && each.state_key === '',
    );
    if (turnsOn) guard.noteEncrypted(room);
    else if (events.length > 0) await guard.ask(room);
    const senders = frames.flatMap((each) =>
      each?.type === 'm.room.encrypted' ? [each.sender] : [],
    );
    if (senders.length > 0) await this.#follow(senders);
    const opened: OpenedEvent[] = [];
    for (const event of events) opened.push(await crypto().openEvent(event, room));
    return opened;
  }

  async #follow(senders: readonly UserId[]): Promise<void> {
    const fresh = [...new Set(senders)].filter((user) => !this.#followed.has(user));
    if (fresh.length === 0) return;
    await this.#parts.crypto().follow(fresh);
    for (const user of fresh) this.#followed.add(user);
  }
}
