import type { z } from 'zod';
import type { Localpart } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { Report, ReportNode } from '../core/report.ts';
import type { Text } from '../core/text.ts';
import type { Language } from '../core/words/index.ts';
import type { Actor } from './actor.ts';
import type { Capabilities, CapabilityName } from './capabilities.ts';
import type { Arguments, CommandForm, Flags } from './command-form.ts';

/** What a command gets after parsing, inferred from its arguments and flags. */
export type Input<A extends Arguments, F extends Flags> = {
  readonly [Name in keyof A]: z.output<A[Name]['schema']>;
} & { readonly [Name in keyof F]: z.output<F[Name]['schema']> };

/** What a command may know and touch: only the capabilities that it names in `uses`. */
export type Context<U extends CapabilityName> = Pick<Capabilities, U> & {
  readonly actor: Actor;
  readonly language: Language;
  readonly surface: 'room' | 'terminal';
  /** Aborted by `!cancel`, by the step's timeout and by shutdown. */
  readonly signal: AbortSignal;
};

/** What `plan()` found: facts that the confirmation freezes, and how to show them. */
export interface Plan {
  /** Plain JSON. A confirmed command runs only while these are the same as when they were shown. */
  readonly facts: JsonObject;
  /** What will happen, in words; shown by `--dry-run` and in the question. */
  readonly shown: readonly ReportNode[];
}

/** Answer of the target to "was this step done?". */
export type Settled =
  | { readonly state: 'done'; readonly result: JsonObject }
  | { readonly state: 'not-done' }
  | { readonly state: 'unknown'; readonly why: Text };

/** What a step works on. */
export interface StepInput<I> {
  readonly input: I;
  readonly facts: JsonObject;
  /** Results of the steps before, by step name; read them with the zod schema of their step. */
  readonly done: JsonObject;
}

/** One durable piece of a change: its result is on the disk before the next one starts. */
export interface Step<I, U extends CapabilityName> {
  readonly name: string;
  /** Whether there is anything to do for this input; else the step is left out. Default: yes. */
  applies?(input: I): boolean;
  /** Default 60 s. */
  readonly timeoutMs?: number;
  /** Returns what later steps and the report need. Must not hold a secret. */
  run(context: Context<U>, step: StepInput<I>): Promise<JsonObject>;
  /** Asked after a crash in the middle of `run`: never guesses, never repeats. */
  settle(context: Context<U>, step: StepInput<I>): Promise<Settled>;
  /**
   * What our own store holds otherwise from then on. Called in the transaction that writes that the
   * step is done, whether it ran or was settled; may be called again after a crash.
   */
  completed?(context: Context<U>, step: StepInput<I>): void;
}

/** A command that changes nothing. */
export interface ReadCommand<
  A extends Arguments,
  F extends Flags,
  U extends CapabilityName,
> extends CommandForm<A, F> {
  readonly effect: 'read';
  readonly uses: readonly U[];
  /** How long it may take for this input, ms. Default 60 s. */
  timeoutMs?(input: Input<A, F>): number;
  run(context: Context<U>, input: Input<A, F>): Report;
}

/** A command that changes something; `destroy` asks first. */
export interface ChangeCommand<
  A extends Arguments,
  F extends Flags,
  U extends CapabilityName,
> extends CommandForm<A, F> {
  readonly effect: 'change' | 'destroy';
  readonly uses: readonly U[];
  /**
   * The existing account that it acts on, if any: the guards (rank, server admin, bot, oneself) ask
   * for it before the plan and again when it runs.
   */
  account(input: Input<A, F>): Localpart | null;
  /**
   * Whether that account can be used as before afterwards, as with a new name or password. Missing
   * means no: the last admin is then out of reach.
   */
  keepsAccess?(input: Input<A, F>): boolean;
  /**
   * Whether its person can still sign in with that account and command the bot. Missing means as
   * `keepsAccess`: the last person with the role admin is else out of reach.
   */
  keepsLogin?(input: Input<A, F>): boolean;
  /** Everybody's own Matrix client can do this to his own account. Missing means that none can. */
  readonly byOwnClient?: true;
  /**
   * Whether a `change` asks first, as every `destroy` does: for what is hard to take back. Of the input
   * alone and not of who gives it, so that help can say it and the terminal asks as the room does.
   * Missing means no.
   */
  asksFirst?(input: Input<A, F>): boolean;
  /**
   * Told when its question ended without a yes (no, too late, withdrawn), with the facts that were
   * shown: ends what the plan began with others. Must not throw.
   */
  declined?(context: Context<U>, step: Pick<StepInput<Input<A, F>>, 'input' | 'facts'>): void;
  /** Keys of what it holds while it runs, e.g. `account:alice`; jobs with a common key wait. */
  resources(input: Input<A, F>): readonly string[];
  /** Resolves the target without changing anything. Throws what makes the command impossible. */
  plan(context: Context<U>, input: Input<A, F>): Promise<Plan>;
  /**
   * What `--dry-run` shows instead of the plan, where planning begins something with others or waits
   * for them. Returns at once. Throws as {@link plan} does for what makes the command impossible.
   */
  preview?(context: Context<U>, input: Input<A, F>): readonly ReportNode[];
  readonly steps: readonly [Step<Input<A, F>, U>, ...Step<Input<A, F>, U>[]];
  /** The answer, from the results of the steps. Pure. */
  report(step: StepInput<Input<A, F>>): readonly ReportNode[];
}

/** A command with its types forgotten, as the registry holds it. */
export type Command =
  ReadCommand<Arguments, Flags, CapabilityName> | ChangeCommand<Arguments, Flags, CapabilityName>;

/** Gives a read its types from the literal. */
export function defineRead<
  const A extends Arguments,
  const F extends Flags,
  const U extends CapabilityName,
>(command: Omit<ReadCommand<A, F, U>, 'effect'>): ReadCommand<A, F, U> {
  return { ...command, effect: 'read' };
}

/** Gives a change its types from the literal. */
export function defineChange<
  const A extends Arguments,
  const F extends Flags,
  const U extends CapabilityName,
>(command: ChangeCommand<A, F, U>): ChangeCommand<A, F, U> {
  return command;
}
