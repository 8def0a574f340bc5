import { LabError } from './failure.ts';
import { bodyOf, type EventTest, type LabEvent } from './event.ts';
import { within } from './wait.ts';

/** A place in a timeline: how many events it had then. */
export type Mark = number;

/** How a timeline is waited on. */
export interface WaitOptions {
  /** Default 80 s: a busy machine is no failure. */
  readonly timeoutMs?: number;
  /** Only events from here on. Default: from the start, so what is there already counts. */
  readonly since?: Mark;
}

const show = (event: LabEvent): string =>
  `  ${event.event_id} ${event.sender} ${event.type} ${bodyOf(event).slice(0, 100)}`;

/** The events of one room in the order in which one person saw them, each once. */
export class Timeline {
  readonly events: LabEvent[] = [];
  /** How often the server left out events between two syncs that had to be fetched. */
  gaps = 0;
  readonly #known = new Set<string>();
  /** Each is called with the place of the event that has come or has become readable. */
  readonly #waiting = new Set<(place: Mark) => void>();

  has(eventId: string): boolean {
    return this.#known.has(eventId);
  }

  /** A place to wait from: what comes after now. */
  mark(): Mark {
    return this.events.length;
  }

  add(event: LabEvent): void {
    if (this.#known.has(event.event_id)) return;
    this.#known.add(event.event_id);
    this.events.push(event);
    for (const look of [...this.#waiting]) look(this.events.length - 1);
  }

  /** Puts an event in the place of the one with its id, as when the key to it came later. */
  replace(event: LabEvent): void {
    const place = this.events.findIndex((known) => known.event_id === event.event_id);
    if (place < 0) return;
    this.events[place] = event;
    for (const look of [...this.#waiting]) look(place);
  }

  find(test: EventTest, since: Mark = 0): LabEvent | undefined {
    for (let i = since; i < this.events.length; i += 1) {
      const event = this.events[i];
      if (event !== undefined && test(event)) return event;
    }
    return undefined;
  }

  filter(test: EventTest, since: Mark = 0): LabEvent[] {
    return this.events.slice(since).filter(test);
  }

  /**
   * Calls `show` for every event that is there or comes, in order, until the result is called.
   * Not again for one that is replaced.
   */
  follow(show: (event: LabEvent) => void): () => void {
    let shown = 0;
    const look = (): void => {
      for (; shown < this.events.length; shown += 1) {
        const event = this.events[shown];
        if (event !== undefined) show(event);
      }
    };
    this.#waiting.add(look);
    look();
    return () => void this.#waiting.delete(look);
  }

  /**
   * The first event that passes the test, as soon as it is there.
   *
   * @throws LabError with the room's last events when none comes in time.
   */
  async waitFor(test: EventTest, { timeoutMs = 80_000, since = 0 }: WaitOptions = {}) {
    let look: (place: Mark) => void = () => undefined;
    let seen = since;
    const found = new Promise<LabEvent>((resolve) => {
      look = (place) => {
        const event = this.find(test, Math.max(since, Math.min(seen, place)));
        seen = this.events.length;
        if (event !== undefined) resolve(event);
      };
    });
    this.#waiting.add(look);
    look(since);
    try {
      return await within('the awaited event', found, timeoutMs);
    } catch (error) {
      const last = this.events.slice(-8).map(show).join('\n');
      throw new LabError(`no such event within ${timeoutMs} ms; the room ends with\n${last}`, {
        cause: error,
      });
    } finally {
      this.#waiting.delete(look);
    }
  }
}
