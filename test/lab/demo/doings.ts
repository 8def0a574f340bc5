import type { LabEvent } from '../event.ts';
import { LabError, textOf } from '../failure.ts';
import type { Mark } from '../timeline.ts';
import type { House } from './house.ts';

/** What was done, and what the room is going to show of it. */
export interface Done {
  /** For the person: one line. */
  readonly told: string;
  /** Whether an event shows it; null: the room shows nothing of it. */
  readonly shows: ((event: LabEvent) => boolean) | null;
  /** How long that may take, ms. */
  readonly withinMs: number;
}

/** Something that a person can do to the world around the bot. */
export interface Doing {
  /** As it is typed: `/break COMPONENT`. */
  readonly usage: string;
  /** Does it. @throws LabError with what is wrong with the words, for the person. */
  run(words: readonly string[]): Promise<Done>;
}

/** By the word that is typed, with its slash. */
export type KnownDoings = Readonly<Record<string, Doing>>;

/** Whether a text is for the demo and not for the room. */
export const isForDemo = (text: string): boolean => text.startsWith('/');

/** Before what the demo itself says in the room's transcript. */
const mark = 'demo › ';

/** Words that the demo itself takes: they change what the bot looks after. */
export class Doings {
  readonly #known: KnownDoings;
  readonly #talk: Pick<House, 'person' | 'roomId'>;
  readonly #print: (line: string) => void;
  /** One after the other: what is pasted keeps its order. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(
    known: KnownDoings,
    talk: Pick<House, 'person' | 'roomId'>,
    print: (line: string) => void,
  ) {
    this.#known = known;
    this.#talk = talk;
    this.#print = print;
  }

  /** Does what is typed, and returns the outcome when the room shows it: `ok` or why it is none. */
  async run(text: string): Promise<string> {
    const { person, roomId } = this.#talk;
    const [name = '', ...words] = text.trim().split(/\s+/);
    const doing = this.#known[name];
    if (doing === undefined) {
      this.#print(`${mark}${this.#unknown(name)}`);
      return 'failed';
    }
    let since: Mark = 0;
    const ended = this.#before.then(() => {
      since = person.mark(roomId);
      return doing.run(words);
    });
    this.#before = Promise.allSettled([ended]);
    try {
      const done = await ended;
      this.#print(`${mark}${done.told}`);
      return await this.#shown(done, since);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      const [line = ''] = textOf(error).split('\n');
      this.#print(`${mark}${line}`);
      return 'failed';
    }
  }

  async #shown({ shows, withinMs }: Done, since: Mark): Promise<string> {
    const { person, roomId } = this.#talk;
    if (shows === null) return 'ok';
    try {
      await person.waitFor(roomId, shows, { since, timeoutMs: withinMs });
      return 'ok';
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      return `the room shows nothing of it within ${withinMs / 1000} s`;
    }
  }

  #unknown(name: string): string {
    const usages = Object.values(this.#known).map(({ usage }) => usage);
    return usages.length === 0
      ? `there is no ${name}: the demo takes words only with --alerts or --full`
      : `there is no ${name}. There is: ${usages.join(', ')}`;
  }
}
