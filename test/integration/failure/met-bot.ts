import { join } from 'node:path';
import { z } from 'zod';
import { isFinal, isStatus } from '../../lab/answer.ts';
import type { BotProcess } from '../../lab/bot-process.ts';
import { bodyOf, editedContent, type LabEvent } from '../../lab/event.ts';
import type { Lab, LabBotOptions } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { losePosition } from '../../lab/sync-position.ts';
import { register, type Account } from '../../lab/synapse/accounts.ts';

/** How a bot is met. */
export interface Meeting {
  /** Who enters the room that the bot makes, the listed ones first. Default: alice. */
  readonly entering?: readonly Person[];
  readonly people?: LabBotOptions['people'];
  readonly settings?: LabBotOptions['settings'];
}

/** The job that a word of the bot's belongs to; of an edit, what it says now. */
const jobOf = (event: LabEvent): unknown => (editedContent(event) ?? event.content)['io.urtc.job'];

let accounts = 0;
let numbers = 100;

const tokenList = z.object({
  registration_tokens: z.array(z.object({ uses_allowed: z.number().nullable() })),
});

/**
 * The real bot in a room with people, over several lives: its own account, config, data folder.
 * What it did to the home server is counted on the home server: each {@link order} makes one
 * registration token with a number of uses of its own, so that a second run is a second token.
 */
export class MetBot {
  readonly account: Account;
  readonly name: string;
  room = '';
  readonly #lab: Lab;
  readonly #meeting: Meeting;
  #process: BotProcess | null = null;

  private constructor(lab: Lab, account: Account, meeting: Meeting) {
    this.#lab = lab;
    this.account = account;
    this.name = account.localpart;
    this.#meeting = meeting;
  }

  /** A bot with an account of its own that was never started. */
  static async unborn(lab: Lab, meeting: Meeting = {}): Promise<MetBot> {
    accounts += 1;
    const { baseUrl } = lab.synapse;
    return new MetBot(lab, await register(baseUrl, { localpart: `bot${accounts}` }), meeting);
  }

  /** Starts a bot that makes its room; people have entered it and one command was answered. */
  static async meet(lab: Lab, meeting: Meeting = {}): Promise<MetBot> {
    const bot = await MetBot.unborn(lab, meeting);
    const entering = meeting.entering ?? [lab.person('alice')];
    const invited = entering[0]?.invitation();
    await bot.start();
    bot.room = (await invited) ?? '';
    for (const person of entering) {
      await person.invitation(bot.room);
      await person.join(bot.room);
    }
    const [first] = entering;
    if (first === undefined) return bot;
    await first.ask(bot.room, '!version');
    await bot.introduced(first);
    return bot;
  }

  /**
   * Waits for what it says of its own accord in its first life, once somebody can read it: before its
   * first answer or after it, so that a test that counts its words must have seen that.
   */
  async introduced(person: Person): Promise<void> {
    await person.waitFor(this.room, this.says('urtc bot recovery-key'));
  }

  get userId(): string {
    return this.account.userId;
  }

  get process(): BotProcess {
    if (this.#process === null) throw new Error('this bot is not running');
    return this.#process;
  }

  /** One more life. `over` is for this life only. */
  async start(over: Omit<LabBotOptions, 'name'> = {}): Promise<BotProcess> {
    const { people = [{ user: this.#lab.person('alice').userId, role: 'admin' }], settings } =
      this.#meeting;
    this.#process = await this.#lab.startBot({
      ...{ name: this.name, account: this.account, people },
      ...over,
      settings: { ...settings, ...over.settings },
    });
    return this.#process;
  }

  /** Ends it in order. */
  async term(): Promise<void> {
    await this.#process?.term();
    this.#process = null;
  }

  /** Ends it at once. */
  async kill9(): Promise<void> {
    await this.#process?.kill9();
    this.#process = null;
  }

  /** The file of this name in its data folder. */
  file(name: string): string {
    return join(this.#lab.folder, this.name, 'data', name);
  }

  /** It forgets up to where it has read; it must be stopped. */
  losePosition(): void {
    losePosition(this.file('device.sqlite'));
  }

  /** A command whose runs {@link runsOf} counts. */
  order(): Order {
    numbers += 1;
    return { uses: numbers, line: `!token create --uses=${numbers}` };
  }

  /** How often an order was carried out, as the home server knows it. */
  async runsOf({ uses }: Order): Promise<number> {
    const path = '/_synapse/admin/v1/registration_tokens';
    const { registration_tokens: tokens } = tokenList.parse(
      await this.#lab.admin.request({ path }),
    );
    return tokens.filter((token) => token.uses_allowed === uses).length;
  }

  /**
   * What it said in its room from there on, as this person sees it. Without the status messages of
   * commands that were answered: how many there are, and when the last one comes, is the machine's speed.
   */
  said(person: Person, since = 0): LabEvent[] {
    const timeline = person.timeline(this.room);
    const answered = new Set(timeline.filter(isFinal).map(jobOf));
    return timeline.filter(
      (event) =>
        event.sender === this.userId &&
        event.type === 'm.room.message' &&
        !(isStatus(event) && answered.has(jobOf(event))),
      since,
    );
  }

  /** Whether an event is a word of this bot's that contains the text. */
  says(text: string): (event: LabEvent) => boolean {
    return (event) => event.sender === this.userId && bodyOf(event).includes(text);
  }
}

/** A command that leaves a countable trace. */
export interface Order {
  readonly uses: number;
  readonly line: string;
}
