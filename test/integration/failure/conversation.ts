import { setTimeout as pause } from 'node:timers/promises';
import { isFinal, outcomeOf } from '../../lab/answer.ts';
import { repliesTo } from '../../lab/event.ts';
import type { Person } from '../../lab/person.ts';
import { until } from '../../lab/wait.ts';
import type { Chance } from './random.ts';

/** What a command of a conversation wants. */
export type Wish =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'add'; readonly text: string; readonly account: string }
  | { readonly kind: 'lock'; readonly text: string; readonly account: string }
  | {
      readonly kind: 'rename';
      readonly text: string;
      readonly account: string;
      readonly name: string;
    }
  | { readonly kind: 'token'; readonly text: string };

/** A command that was sent; `outcome` is what the person has seen of it so far. */
export interface Sent {
  readonly wish: Wish;
  readonly event: string;
  outcome: string | undefined;
  /** From when the home server had it to its answer, as the person saw both; ms. */
  ms: number;
}

/** At most so many commands wait for their answers at the same time. */
const openAtOnce = 6;

/**
 * A person who sends a stream of mixed commands, several before the answer to the first, and notes
 * what is said to each.
 */
export class Conversation {
  readonly sent: Sent[] = [];
  readonly #person: Person;
  readonly #room: string;
  readonly #chance: Chance;
  readonly #accounts: string[] = [];
  readonly #outcomes = new Map<string, string>();
  readonly #unfollow: () => void;
  #wishes = 0;
  #talking = false;
  #running: Promise<void> = Promise.resolve();

  constructor(person: Person, room: string, chance: Chance) {
    this.#person = person;
    this.#room = room;
    this.#chance = chance;
    this.#unfollow = person.timeline(room).follow((event) => {
      const command = repliesTo(event);
      if (command === undefined || !isFinal(event) || this.#outcomes.has(command)) return;
      this.#outcomes.set(command, outcomeOf(event));
      const sent = this.sent.find((each) => each.event === command);
      if (sent !== undefined) this.#answer(sent);
    });
  }

  #answer(sent: Sent): void {
    sent.outcome = this.#outcomes.get(sent.event);
    sent.ms = performance.now() - sent.ms;
  }

  /** How many commands wait for an answer. */
  get unanswered(): number {
    return this.sent.filter(({ outcome }) => outcome === undefined).length;
  }

  /** The longest that an answer took, ms. */
  get slowestMs(): number {
    return Math.max(0, ...this.sent.map(({ ms }) => Math.round(ms)));
  }

  /** Sends one more command and returns when the home server has it. */
  async say(): Promise<Sent> {
    const wish = this.#wish();
    const event = await this.#person.send(this.#room, wish.text);
    const sent: Sent = { wish, event, outcome: undefined, ms: performance.now() };
    this.sent.push(sent);
    // Its answer may be here before its sender knows that it was sent.
    if (this.#outcomes.has(event)) this.#answer(sent);
    return sent;
  }

  /** Goes on sending until `stop`. */
  start(): void {
    this.#talking = true;
    const talk = async (): Promise<void> => {
      while (this.#talking) {
        if (this.unanswered < openAtOnce) await this.say();
        await pause(this.#chance.between(0, 150));
      }
    };
    this.#running = talk();
    this.#running.catch(() => undefined);
  }

  /** Ends the stream and waits until all that was sent is answered. */
  async finish(timeoutMs: number): Promise<void> {
    this.#talking = false;
    await this.#running;
    try {
      await until('all answers', () => (this.unanswered === 0 ? true : undefined), { timeoutMs });
    } finally {
      this.#unfollow();
    }
  }

  #wish(): Wish {
    this.#wishes += 1;
    const number = this.#wishes;
    const [first, ...others] = this.#accounts;
    const kinds = ['read', 'read', 'add', 'add', 'lock', 'rename', 'token'] as const;
    const kind = first === undefined ? 'add' : this.#chance.pick(kinds);
    const account = first === undefined ? '' : this.#chance.pick([first, ...others]);
    switch (kind) {
      case 'read':
        return {
          kind,
          text: this.#chance.pick(['!version', '!whoami', '!user list', '!jobs', '!token list']),
        };
      case 'add': {
        const name = `person${this.#chance.seed % 1000}x${number}`;
        this.#accounts.push(name);
        return { kind, text: `!user add ${name}`, account: name };
      }
      case 'lock':
        return { kind, text: `!user lock ${account}`, account };
      case 'rename': {
        const name = `Name ${number}`;
        return { kind, text: `!user rename ${account} ${name}`, account, name };
      }
      case 'token':
        return { kind, text: `!token create --note="number ${number}"` };
      default:
        return kind satisfies never;
    }
  }
}
