import { onTestFinished } from 'vitest';
import { ChannelFailure, type Channel } from '../../../../src/ops/notify/channel.ts';
import { digestWords } from '../../../../src/ops/notify/digest-words.ts';
import { matrixHeads } from '../../../../src/ops/notify/matrix-heads.ts';
import { MatrixWatch } from '../../../../src/ops/notify/matrix-watch.ts';
import type { Note } from '../../../../src/ops/notify/note.ts';
import { OutOfBand, type SeenTrouble } from '../../../../src/ops/notify/out-of-band.ts';
import { readUnheard } from '../../../../src/ops/notify/unheard.ts';
import { parseEventId, parseRoomId } from '../../../../src/core/ids.ts';
import { AlertIncidents } from '../../../../src/platform/store/alert-incidents.ts';
import { AlertPosts } from '../../../../src/platform/store/alert-posts.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { NotifyTroubles } from '../../../../src/platform/store/notify-troubles.ts';
import type { OutboxDraft } from '../../../../src/platform/store/outbox.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { OutboxWatch } from '../../../../src/platform/store/outbox-watch.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { FakeClock } from '../../bot/fake-clock.ts';
import { rememberingLog, type LoggedLine } from '../../bot/quiet-log.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';

export const room = parseRoomId('!admin:x.org');
export const everyMs = 10_000;
export const minute = 60_000;

/** What becomes of a message at a channel. `killed`: taken, and the bot dies before it hears that. */
export type Fate = 'taken' | 'refused' | 'unsure' | 'killed';

/** A channel that keeps what it gets. */
export class FakeChannel implements Channel {
  readonly notes: Note[] = [];
  fate: Fate = 'taken';
  tries = 0;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  deliver(note: Note): Promise<string> {
    this.tries += 1;
    if (this.fate === 'refused') return Promise.reject(new ChannelFailure('refused', 'no'));
    this.notes.push(note);
    if (this.fate === 'unsure') return Promise.reject(new ChannelFailure('unsure', 'silence'));
    if (this.fate === 'killed') return Promise.reject(new Error('the process is gone'));
    return Promise.resolve('ok');
  }

  get titles(): readonly string[] {
    return this.notes.map(({ title }) => title);
  }
}

/** A bot's way out on a real store; the home server answers or not, the clock moves when told. */
export class NotifyStage {
  readonly clock = new FakeClock();
  readonly mail = new FakeChannel('mail');
  readonly phone = new FakeChannel('phone');
  readonly database: Database;
  readonly outbox: SqliteOutbox;
  readonly lines: LoggedLine[];
  /** Whether the home server answers. */
  isUp = true;
  /** Whether it takes what waits when it answers. */
  isTaking = true;
  /** Whether it refuses for good what it is given. */
  isRefusing = false;
  /** Of the watchdog. */
  watchdog: SeenTrouble = { sight: 'good', forMs: 0 };
  channels: readonly Channel[] = [this.mail, this.phone];
  #lastSync: number;
  #bot: OutOfBand;
  readonly #log;

  constructor() {
    this.database = stateIn(tempFolder());
    onTestFinished(() => this.database.close());
    this.outbox = new SqliteOutbox(this.database);
    const { log, lines } = rememberingLog();
    this.#log = log;
    this.lines = lines;
    this.#lastSync = this.clock.monotonic();
    this.#bot = this.#begin();
  }

  /** As after a kill -9: only what is in the store is left. */
  restart(): void {
    this.#bot = this.#begin();
  }

  get bot(): OutOfBand {
    return this.#bot;
  }

  #begin(): OutOfBand {
    const { clock, database, channels } = this;
    const begun = clock.monotonic();
    const watched = new OutboxWatch(database);
    const watch = new MatrixWatch({
      ...{ clock, afterMs: 5 * minute },
      syncAgeMs: () => (this.#lastSync < begun ? null : clock.monotonic() - this.#lastSync),
      heads: () => matrixHeads({ outbox: watched, posts: new AlertPosts(database) }, room),
    });
    const incidents = new AlertIncidents(database);
    return new OutOfBand({
      ...{ channels, clock, log: this.#log, everyMs },
      troubles: new NotifyTroubles(database),
      times: { remindMs: 6 * 60 * minute, gapMs: 30 * minute },
      look: () => ({ matrix: watch.look(), watchdog: this.watchdog }),
      write: (due) => {
        const now = clock.now();
        const posts = new AlertPosts(database);
        const since = due[0]?.trouble.since ?? now;
        const view = {
          ...{ server: 'x.org', now, watchdogSeenAt: null },
          unheard: readUnheard({ outbox: watched, incidents, posts }, now),
          delivered: watched.sent(since, now),
        };
        return digestWords(due, view, 'en');
      },
    });
  }

  /** Something that the bot has to say. */
  say(text = 'alert', draft: Partial<OutboxDraft> = {}): void {
    const content = { msgtype: 'm.text', body: text };
    const body = { kind: 'event', eventType: 'm.room.message', content } as const;
    const row = { room, lane: text, priority: 'urgent', body, ...draft } as const;
    this.outbox.add(row, this.clock.now());
  }

  /** Lets time pass, look by look; what waits is sent as long as the home server is up. */
  async pass(ms: number): Promise<void> {
    const { signal } = new AbortController();
    for (let passed = 0; passed < ms; passed += everyMs) {
      this.clock.advance(everyMs);
      if (this.isUp) {
        this.#lastSync = this.clock.monotonic();
        for (const item of this.isTaking ? this.outbox.heads(1000) : []) {
          if (this.isRefusing) this.outbox.markFailed(item.id, 'forbidden', this.clock.now());
          else this.outbox.markSent(item.id, parseEventId(`$${item.id}`), this.clock.now());
        }
      }
      await this.#bot.look(signal).catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'the process is gone') throw error;
        this.restart();
      });
    }
  }
}
