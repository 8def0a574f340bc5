import type { Log } from '../../core/log.ts';
import { rest, type Clock } from '../../platform/clock.ts';
import {
  troubleSubjects,
  type NotifyTroubles,
  type StoredTrouble,
  type TroubleSubject,
} from '../../platform/store/notify-troubles.ts';
import { ChannelFailure, type Channel } from './channel.ts';
import { countHandOut, mayHandOut } from './hand-outs.ts';
import { makeNote } from './note.ts';
import { SteadyAge } from './steady-age.ts';
import { calm, dueOf, follow, noteId, type Sight, type TroubleTimes } from './trouble.ts';

/** A trouble and what people are to be told of it. */
export interface Due {
  readonly trouble: StoredTrouble;
  readonly what: 'begun' | 'reminder' | 'over';
}

/** What is seen of a subject, and for how long that has been so, ms. */
export interface SeenTrouble {
  readonly sight: Sight;
  readonly forMs: number;
}

/** What telling people out of band needs. */
export interface OutOfBandParts {
  /** Tried in this order. */
  readonly channels: readonly Channel[];
  readonly troubles: Pick<NotifyTroubles, 'all' | 'put'>;
  readonly clock: Clock;
  readonly log: Log;
  /** What is to be seen now. */
  readonly look: () => Readonly<Record<TroubleSubject, SeenTrouble>>;
  /** The words for what is due. */
  readonly write: (due: readonly Due[]) => {
    readonly title: string;
    readonly lines: readonly string[];
  };
  readonly times: TroubleTimes;
  /** Between two looks, ms. */
  readonly everyMs: number;
}

/** Since the start of the process. */
export interface OutOfBandCounts {
  sent: number;
  failed: number;
}

/** After a round in which no channel took it: the first pause and the longest, ms. */
const firstPauseMs = 15_000;
const longestPauseMs = 15 * 60_000;

/**
 * Tells people where no Matrix is needed: once when a trouble has begun, seldom while it lasts, once
 * when it is over. What was told is durable: a hand-out is written down before it is made and again
 * when it was answered, so a kill in between leads to one repeat, never to silence (docs/alerts.md).
 */
export class OutOfBand {
  readonly counts: OutOfBandCounts = { sent: 0, failed: 0 };
  readonly #parts: OutOfBandParts;
  readonly #ages: SteadyAge;
  readonly #troubles: Map<TroubleSubject, StoredTrouble>;
  #pauseMs = 0;
  #retryAt = 0;
  #isPending = false;

  constructor(parts: OutOfBandParts) {
    this.#parts = parts;
    this.#ages = new SteadyAge(parts.clock);
    this.#troubles = new Map(troubleSubjects.map((subject) => [subject, calm(subject)]));
    for (const trouble of parts.troubles.all()) this.#troubles.set(trouble.subject, trouble);
  }

  /** Whether a trouble lasts. */
  isOpen(subject: TroubleSubject): boolean {
    return this.#troubles.get(subject)?.phase === 'open';
  }

  /** Whether there is something to tell that no channel has taken yet. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** Until aborted. Never rejects: whatever fails here, the bot's own work goes on. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, everyMs } = this.#parts;
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      try {
        await this.look(signal);
      } catch (error) {
        if (!isOver()) log.error({ err: error }, 'telling people out of band failed');
      }
      await rest(clock, everyMs, signal);
    }
  }

  /** Looks once, and tells what is due. Rejects with what aborts it, and with defects. */
  async look(signal: AbortSignal): Promise<void> {
    const { clock, look } = this.#parts;
    const now = clock.now();
    const seen = look();
    const changed: StoredTrouble[] = [];
    for (const trouble of this.#troubles.values()) {
      const { sight, forMs } = seen[trouble.subject];
      const next = follow(trouble, sight, now, now - Math.round(forMs));
      if (next !== trouble) changed.push(next);
    }
    if (changed.length > 0) this.#keep(changed);
    const due = this.#due(now);
    this.#isPending = due.length > 0;
    if (due.length === 0) {
      this.#pauseMs = 0;
      this.#retryAt = 0;
    } else if (clock.monotonic() >= this.#retryAt) await this.#tell(due, signal);
  }

  #due(now: number): readonly Due[] {
    return [...this.#troubles.values()].flatMap((trouble): readonly Due[] => {
      const { subject, toldAt, begunToldAt } = trouble;
      const age = (name: string, moment: number | null) =>
        moment === null ? null : this.#ages.of(`${subject} ${name}`, moment);
      const ages = { told: age('told', toldAt), begunTold: age('begun', begunToldAt) };
      const what = dueOf(trouble, ages, this.#parts.times);
      if (what === null) return [];
      if (trouble.note !== '') return [{ trouble, what }];
      return [{ what, trouble: { ...trouble, note: noteId(subject, what, now), handed: {} } }];
    });
  }

  async #tell(due: readonly Due[], signal: AbortSignal): Promise<void> {
    const { channels, clock, log, write } = this.#parts;
    const urgency = due.every(({ what }) => what === 'over') ? 'relief' : 'trouble';
    const id = due.map(({ trouble }) => trouble.note).join('-');
    const note = makeNote({ ...write(due), id, at: clock.now(), urgency });
    let current = due;
    const count = (channel: string, by: 1 | -1): void => {
      current = current.map(({ trouble, what }) => ({
        what,
        trouble: countHandOut(trouble, channel, by),
      }));
      this.#keep(current.map(({ trouble }) => trouble));
    };
    let isExhausted = true;
    for (const channel of channels) {
      const { name } = channel;
      if (
        !mayHandOut(
          current.map(({ trouble }) => trouble),
          name,
        )
      )
        continue;
      count(name, 1);
      try {
        const answer = await channel.deliver(note, signal);
        this.counts.sent += 1;
        log.info({ channel: name, note: id, answer }, 'told people out of band');
        this.#told(current);
        return;
      } catch (error) {
        if (!(error instanceof ChannelFailure)) throw error;
        this.counts.failed += 1;
        const { fate, message: reason } = error;
        log.warn({ channel: name, note: id, fate, reason }, 'a channel did not take a message');
        if (fate === 'refused') count(name, -1);
        if (
          mayHandOut(
            current.map(({ trouble }) => trouble),
            name,
          )
        )
          isExhausted = false;
      }
    }
    if (isExhausted) {
      log.error({ note: id }, 'nobody knows whether a message out of band has arrived');
      this.#told(current);
      return;
    }
    this.#pauseMs = Math.min(longestPauseMs, Math.max(firstPauseMs, 2 * this.#pauseMs));
    this.#retryAt = clock.monotonic() + this.#pauseMs;
  }

  #told(due: readonly Due[]): void {
    const now = this.#parts.clock.now();
    this.#keep(
      due.map(({ trouble, what }): StoredTrouble => {
        const { subject } = trouble;
        const done = { ...trouble, note: '', handed: {} };
        if (what === 'over') return { ...done, phase: 'calm' };
        this.#ages.begin(`${subject} told`, now);
        if (what === 'begun') this.#ages.begin(`${subject} begun`, now);
        return { ...done, toldAt: now, ...(what === 'begun' ? { begunToldAt: now } : {}) };
      }),
    );
    this.#isPending = false;
    this.#pauseMs = 0;
    this.#retryAt = 0;
  }

  /** A store that does not take it must not keep people from being told. */
  #keep(troubles: readonly StoredTrouble[]): void {
    for (const trouble of troubles) this.#troubles.set(trouble.subject, trouble);
    try {
      this.#parts.troubles.put(troubles);
    } catch (error) {
      this.#parts.log.error({ err: error }, 'what people were told out of band is not durable');
    }
  }
}
