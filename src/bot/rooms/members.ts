import type { RoomId, UserId } from '../../core/ids.ts';
import type { MatrixApi } from '../client/matrix-api.ts';

/** Who has joined which room, asked for once and then whenever it may have changed. */
export class RoomMembers {
  readonly #api: Pick<MatrixApi, 'members'>;
  readonly #known = new Map<RoomId, Promise<readonly UserId[]>>();

  constructor(api: Pick<MatrixApi, 'members'>) {
    this.#api = api;
  }

  /** Throws `MatrixFailure`. */
  joined(room: RoomId): Promise<readonly UserId[]> {
    const known = this.#known.get(room);
    if (known !== undefined) return known;
    const asked = this.#ask(room);
    this.#known.set(room, asked);
    // An answer that failed, or that somebody has declared old meanwhile, is not kept.
    asked.catch(() => {
      if (this.#known.get(room) === asked) this.#known.delete(room);
    });
    return asked;
  }

  /** Somebody came or went, or may have. */
  forget(room: RoomId): void {
    this.#known.delete(room);
  }

  async #ask(room: RoomId): Promise<readonly UserId[]> {
    const members = await this.#api.members(room);
    return [...members].filter(([, membership]) => membership === 'join').map(([user]) => user);
  }
}
