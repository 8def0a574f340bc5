import { AppError } from '../../core/errors.ts';
import type { RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { say } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import {
  writeMatcher,
  type AlertmanagerApi,
  type Silence,
} from '../../platform/alertmanager/alertmanager-api.ts';
import { rest, type Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/store/database.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import type { SilenceNotes } from '../../platform/store/silence-notes.ts';
import { announce } from '../message-content.ts';

/** What the watch works with. */
export interface SilenceWatchParts {
  readonly api: Pick<AlertmanagerApi, 'silences' | 'fingerprints'>;
  readonly database: Pick<Database, 'transaction'>;
  readonly notes: SilenceNotes;
  readonly outbox: SqliteOutbox;
  /** Where it is told; null: not known yet. */
  readonly room: () => RoomId | null;
  readonly language: () => Language;
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 60_000;
/** So long before its end a silence is warned of; of a short one, a quarter of its length. */
const beforeMs = 10 * 60_000;
const shareBefore = 1 / 4;
/** A shorter one is over before anybody has read a warning; ms. */
const shortestMs = 8 * 60_000;
/**
 * Alertmanager lets a silence begin when it hears of it, not when its end was reckoned: one of eight
 * minutes lasts some milliseconds less.
 */
const onItsWayMs = 10_000;
const keptMs = 24 * 3_600_000;

/** Whether the end of a silence is near enough to be told. `now`: ms since the epoch. */
export function endsSoon(
  { state, startsAt, endsAt }: Pick<Silence, 'state' | 'startsAt' | 'endsAt'>,
  now: number,
): boolean {
  const lasts = endsAt - startsAt;
  if (state !== 'active' || lasts < shortestMs - onItsWayMs) return false;
  const left = endsAt - now;
  return left > 0 && left <= Math.min(beforeMs, lasts * shareBefore);
}

/** Says in the room that a silence is about to end: once for each end, also over a restart. */
export class SilenceWatch {
  readonly #parts: SilenceWatchParts;
  #isReachable = true;

  constructor(parts: SilenceWatchParts) {
    this.#parts = parts;
  }

  /** Until aborted. Rejects with what the store throws. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.check(signal);
      await rest(this.#parts.clock, everyMs, signal);
    }
  }

  /** Looks once. Rejects with what the store throws. */
  async check(signal: AbortSignal): Promise<void> {
    const { api, clock, room, log } = this.#parts;
    const where = room();
    if (where === null) return;
    try {
      const all = await api.silences(signal);
      for (const silence of all.filter((each) => endsSoon(each, clock.now()))) {
        const covered = await api.fingerprints(signal, silence.matchers);
        this.#warn(where, silence, covered.size);
      }
      this.#isReachable = true;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AppError) || !error.code.startsWith('E_ALERTMANAGER_')) throw error;
      if (this.#isReachable) log.warn({ err: error }, 'silences can not be watched');
      this.#isReachable = false;
    }
  }

  #warn(room: RoomId, silence: Silence, covers: number): void {
    const { database, notes, outbox, language, clock } = this.#parts;
    const { id, endsAt, matchers, createdBy, comment } = silence;
    database.transaction(() => {
      if (!notes.noteWarned(id, endsAt)) return;
      notes.prune(clock.now() - keptMs);
      const rows = announce({
        room,
        language: language(),
        nodes: [
          {
            type: 'paragraph',
            text: say('silence.ends', { count: covers, until: { moment: endsAt } }),
          },
          {
            type: 'fields',
            fields: [
              { id: 'id', label: say('silence.field.id'), value: id },
              {
                id: 'conditions',
                label: say('silence.field.conditions'),
                value: matchers.map(writeMatcher).join(' '),
              },
              { id: 'by', label: say('silence.field.by'), value: createdBy },
              { id: 'reason', label: say('silence.field.reason'), value: comment },
            ],
          },
          { type: 'hint', text: say('silence.ends.hint', { silence: id }) },
        ],
      });
      for (const row of rows) outbox.add(row, clock.now());
    });
  }
}
