import type { RoomId, UserId } from '../../core/ids.ts';
import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { Watchdog } from '../../ops/alerts/watchdog.ts';
import type { SeenTrouble } from '../../ops/notify/out-of-band.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import { renderMatrix } from '../render/matrix.ts';
import { noticeContent } from '../message-content.ts';

/** What is needed to say that monitoring is silent. */
export interface WatchdogRoomParts {
  readonly watchdog: Watchdog;
  readonly database: Pick<Database, 'transaction'>;
  readonly outbox: SqliteOutbox;
  readonly clock: Clock;
  readonly language: () => Language;
  /** Who is called when monitoring falls silent. */
  readonly people: () => readonly UserId[];
  /** Null: not known yet. */
  readonly room: () => RoomId | null;
  /**
   * Shows what was told to be over since then (ms) as no longer reported: without Prometheus,
   * Alertmanager gives up what fires, and tells that as its end. Part of the caller's transaction.
   */
  readonly doubtEnded: (since: number) => void;
}

const lookEveryMs = 5000;
const lane = 'watchdog';

/** Says in the room when the watchdog stops and when it is back, each once, also over restarts. */
export class WatchdogRoom {
  readonly #parts: WatchdogRoomParts;

  constructor(parts: WatchdogRoomParts) {
    this.#parts = parts;
  }

  /** Until aborted. Rejects with what the store throws. */
  async run(signal: AbortSignal): Promise<void> {
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      this.look();
      await this.#parts.clock.sleep(lookEveryMs, signal).catch((reason: unknown) => {
        if (!isOver()) throw reason;
      });
    }
  }

  /** Says what has changed. */
  look(): void {
    const { watchdog, database, room } = this.#parts;
    const missedMs = watchdog.missedMs();
    const { phase, seenAt, silentSince, outbox } = watchdog.state;
    if (missedMs !== null) {
      database.transaction(() => {
        this.#parts.doubtEnded(seenAt ?? 0);
      });
      if (phase === 'silent' && outbox !== null) return;
      const place = room();
      if (phase === 'silent' && place === null) return;
      database.transaction(() => {
        watchdog.change({
          ...{ phase: 'silent', silentSince: silentSince ?? seenAt },
          outbox: place === null ? null : this.#saySilent(place, seenAt ?? 0),
        });
      });
      return;
    }
    // After a start it is not missed for a while, and it has not come either.
    if (phase === 'fine' || seenAt === null || seenAt === silentSince) return;
    database.transaction(() => {
      const place = room();
      if (outbox !== null && place !== null) this.#sayBack(place, silentSince ?? seenAt, seenAt);
      watchdog.change({ phase: 'fine', silentSince: null, outbox: null });
    });
  }

  /**
   * Whether people still have to be told out of band: while the room has not taken it, and Matrix is
   * known to be out of order or has had `afterMs` to take it.
   */
  sight(isMatrixOut: boolean, afterMs: number): SeenTrouble {
    const { watchdog, outbox } = this.#parts;
    const { phase, outbox: row } = watchdog.state;
    if (phase === 'fine') return { sight: 'good', forMs: 0 };
    const forMs = watchdog.missedMs() ?? 0;
    if (row !== null && outbox.fateOf(row)?.state === 'sent') return { sight: 'told-there', forMs };
    return { sight: isMatrixOut || forMs >= afterMs ? 'bad' : 'unsettled', forMs };
  }

  #saySilent(room: RoomId, seenAt: number) {
    const { people } = this.#parts;
    const nodes: readonly ReportNode[] = [
      {
        ...{ type: 'outcome', outcome: 'failed' },
        text: say('watchdog.silent', { seen: { moment: seenAt } }),
      },
      { type: 'hint', text: say('watchdog.silent.next') },
    ];
    // Only a text rings; what is said here is what nobody else can say.
    const rings = { msgtype: 'm.text', 'm.mentions': { user_ids: [...people()] } };
    return this.#add(room, nodes, rings);
  }

  #sayBack(room: RoomId, since: number, seenAt: number): void {
    const text = say('watchdog.back', { span: { span: Math.max(0, seenAt - since) } });
    this.#add(room, [{ type: 'outcome', outcome: 'ok', text }], {});
  }

  #add(
    room: RoomId,
    nodes: readonly ReportNode[],
    over: { readonly msgtype?: string; readonly 'm.mentions'?: { readonly user_ids: string[] } },
  ) {
    const { outbox, clock, language } = this.#parts;
    const [message] = renderMatrix(nodes, language()).messages;
    const marks = { 'io.urtc.notice': true, 'io.urtc.watchdog': true };
    const content = noticeContent(message, { ...marks, ...over });
    const body = { kind: 'event', eventType: 'm.room.message', content } as const;
    return outbox.add({ room, lane, priority: 'urgent', body }, clock.now());
  }
}
