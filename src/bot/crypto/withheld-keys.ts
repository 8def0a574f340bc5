import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RoomId, UserId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Log } from '../../core/log.ts';
import type { CryptoApi } from '../client/crypto-api.ts';
import { describeFailure, MatrixFailure } from '../client/failure.ts';

const sealedSchema = z.looseObject({
  algorithm: z.string(),
  session_id: z.string(),
  sender_key: z.string(),
});

/** What {@link WithheldKeys} needs. */
export interface WithheldKeysParts {
  readonly api: Pick<CryptoApi, 'perform'>;
  readonly log: Log;
}

/**
 * Tells people why they can't read a message (`m.room_key.withheld`, MSC2399). The machine does so
 * for unsigned devices of readers; of people who are no readers it knows nothing.
 */
export class WithheldKeys {
  readonly #parts: WithheldKeysParts;
  /** By room: its present session and who was told of it. */
  readonly #told = new Map<RoomId, { readonly session: string; readonly users: Set<UserId> }>();

  constructor(parts: WithheldKeysParts) {
    this.#parts = parts;
  }

  /** Once per session and person. Never rejects because of the home server: the message matters more. */
  async tell(room: RoomId, sealed: JsonObject, people: readonly UserId[]): Promise<void> {
    const cover = sealedSchema.safeParse(sealed);
    if (!cover.success) return;
    const { algorithm, session_id: session, sender_key } = cover.data;
    const known = this.#told.get(room);
    const users = known?.session === session ? known.users : new Set<UserId>();
    this.#told.set(room, { session, users });
    const untold = people.filter((user) => !users.has(user));
    if (untold.length === 0) return;
    const content = {
      ...{ algorithm, room_id: room, session_id: session, sender_key },
      code: 'm.unverified',
      reason: 'no identity that is approved on the server',
    };
    const messages = Object.fromEntries(untold.map((user) => [user, { '*': content }]));
    try {
      await this.#parts.api.perform({
        ...{ kind: 'to-device', eventType: 'm.room_key.withheld' },
        ...{ transactionId: randomUUID(), body: JSON.stringify({ messages }) },
      });
      for (const user of untold) users.add(user);
    } catch (error) {
      if (!(error instanceof MatrixFailure)) throw error;
      const failure = describeFailure(error.failure);
      this.#parts.log.debug({ failure, room }, 'nobody was told that a key is withheld');
    }
  }
}
