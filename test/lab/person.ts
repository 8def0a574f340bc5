import { answerFrom, isFinal, repliesIn, type Answer } from './answer.ts';
import { PlainClient } from './client.ts';
import type { EventTest, LabEvent } from './event.ts';
import { LabError } from './failure.ts';
import type { MessageOptions } from './message.ts';
import { login, type Account } from './synapse/accounts.ts';
import { SyncLoop, type Eyes } from './sync.ts';
import type { Mark, Timeline, WaitOptions } from './timeline.ts';
import { within } from './wait.ts';

/** What must not happen until a marker has come. */
export interface Silence {
  readonly forbidden: EventTest;
  /** Default: from now on. */
  readonly since?: Mark;
  /**
   * Makes something come that the bot can only do after what it must not do, and returns its
   * event: `() => person.ask(room, '!version').then((answer) => answer.event)`.
   */
  readonly marker: () => Promise<LabEvent>;
}

/**
 * A person with a plain Matrix client and eyes on the rooms: its own code over fetch, nothing
 * of the product and nothing of the product's SDK.
 */
export class Person extends PlainClient {
  readonly #sync: Eyes;

  constructor(baseUrl: string, account: Account, eyes?: Eyes) {
    super(baseUrl, account);
    this.#sync = eyes ?? new SyncLoop({ baseUrl, accessToken: account.accessToken });
  }

  /** Logs in by password and starts to watch. */
  static async login(baseUrl: string, localpart: string, password: string): Promise<Person> {
    return Person.watching(baseUrl, await login(baseUrl, localpart, password));
  }

  /** Starts to watch with a session that is there already. */
  static async watching(baseUrl: string, account: Account): Promise<Person> {
    const person = new Person(baseUrl, account);
    await person.watch();
    return person;
  }

  /** Starts to watch; returns when the rooms have been seen once. */
  async watch(): Promise<void> {
    await this.#sync.start();
  }

  /** Stops watching. */
  async stop(): Promise<void> {
    await this.#sync.stop();
  }

  /** Forgets all that was seen and reads the rooms anew, as after a restored home server. */
  async lookAgain(): Promise<void> {
    await this.#sync.lookAgain();
  }

  /** The sync token that this person's client would ask from next. */
  get position(): string | undefined {
    return this.#sync.position;
  }

  /** All events of a room that this person has seen so far. */
  timeline(roomId: string): Timeline {
    return this.#sync.timeline(roomId);
  }

  /** A place in the room to wait from: what comes after now. */
  mark(roomId: string): Mark {
    return this.timeline(roomId).mark();
  }

  /** The first event of the room that passes the test, there already or yet to come. */
  async waitFor(roomId: string, test: EventTest, options?: WaitOptions): Promise<LabEvent> {
    return this.timeline(roomId).waitFor(test, options);
  }

  /** Waits until an event with this id has been seen. */
  async sees(roomId: string, eventId: string, options?: WaitOptions): Promise<LabEvent> {
    return this.waitFor(roomId, (event) => event.event_id === eventId, options);
  }

  /**
   * Waits for an invitation (to any room that is no direct chat, unless `roomId` is given) and
   * returns the room's id.
   */
  async invitation(roomId?: string, timeoutMs = 80_000): Promise<string> {
    return this.#invited(
      (id) => (roomId === undefined ? !this.#sync.directInvites.has(id) : id === roomId),
      timeoutMs,
    );
  }

  /** Waits for an invitation to a direct chat and returns the room's id. */
  async directInvitation(timeoutMs = 80_000): Promise<string> {
    return this.#invited((id) => this.#sync.directInvites.has(id), timeoutMs);
  }

  async #invited(isMeant: (id: string) => boolean, timeoutMs: number): Promise<string> {
    const look = (): string | undefined => [...this.#sync.invites].find(isMeant);
    let stopLooking: () => void = () => undefined;
    const invited = new Promise<string>((resolve) => {
      stopLooking = this.#sync.onBatch(() => {
        const id = look();
        if (id !== undefined) resolve(id);
      });
    });
    try {
      return look() ?? (await within('an invitation', invited, timeoutMs));
    } finally {
      stopLooking();
    }
  }

  /**
   * Sends a command and returns the bot's final answer: the reply to it that carries
   * `io.urtc.final`, with all parts and status messages before it.
   *
   * @throws LabError with the replies so far when no final one comes in time (default 80 s).
   */
  async ask(
    roomId: string,
    text: string,
    options: MessageOptions & { readonly timeoutMs?: number } = {},
  ): Promise<Answer> {
    const since = this.mark(roomId);
    const commandId = await this.send(roomId, text, options);
    return this.answerTo(roomId, commandId, { since, timeoutMs: options.timeoutMs ?? 80_000 });
  }

  /** The final answer to a command that was sent before. `ms` counts from this call. */
  async answerTo(
    roomId: string,
    commandId: string,
    { since = 0, timeoutMs = 80_000 }: WaitOptions = {},
  ): Promise<Answer> {
    const start = performance.now();
    const timeline = this.timeline(roomId);
    const replies = (): LabEvent[] => repliesIn(timeline.events.slice(since), commandId);
    await timeline.waitFor(
      (event) => isFinal(event) && replies().some((reply) => reply.event_id === event.event_id),
      { since, timeoutMs },
    );
    const ms = performance.now() - start;
    const answer = answerFrom(timeline.events.slice(since), commandId, ms);
    if (answer === undefined) throw new LabError(`the answer to ${commandId} has vanished`);
    return answer;
  }

  /**
   * Checks that nothing forbidden comes, without waiting for time to pass: it lets something
   * come that cannot overtake it and looks at what lies before.
   *
   * @throws LabError naming the first forbidden event.
   */
  async expectSilence(
    roomId: string,
    { forbidden, since = this.mark(roomId), marker }: Silence,
  ): Promise<void> {
    const end = await marker();
    await this.sees(roomId, end.event_id);
    const broken = this.timeline(roomId).find(forbidden, since);
    if (broken !== undefined) {
      throw new LabError(`there should have been silence, but: ${JSON.stringify(broken)}`);
    }
  }
}
