import type { z } from 'zod';
import type { WordKey } from '../core/words/index.ts';
import type { Rank } from './actor.ts';

/** A word by its position. `schema` takes the typed string (for `rest`: the array of them). */
export interface Argument<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  readonly about: WordKey;
  /** May be left out; the schema then gets `undefined`. */
  readonly optional?: boolean;
  /** Takes all words that are left. Only the last argument may. */
  readonly rest?: boolean;
  /** A name that something is found or made under: marks that nobody sees are refused inside it. */
  readonly exact?: boolean;
  /** What is typed here is kept nowhere: job, audit and log hold `[secret]` instead. Only for reads. */
  readonly secret?: boolean;
}

/** `--name` or `--name=VALUE`. Without `value` it is a switch and the schema takes a boolean. */
export interface Flag<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  readonly about: WordKey;
  /** Placeholder shown in help, e.g. `DAYS`. */
  readonly value?: string;
}

/** Arguments by name, in their order. */
export type Arguments = Readonly<Record<string, Argument>>;
/** Flags by name (kebab case). */
export type Flags = Readonly<Record<string, Flag>>;

/** Parts of the config that a bot may do without; some commands can't. */
export const needs = ['cluster', 'alerts', 'notify'] as const;
/** One part of the config that a command can't do without. */
export type Need = (typeof needs)[number];

/** What a command does to the world; `destroy` asks first. */
export type Effect = 'read' | 'change' | 'destroy';

/**
 * How a command looks from outside: enough for the parser, help, permission, completion and docs,
 * nothing of what it does.
 */
export interface CommandForm<A extends Arguments = Arguments, F extends Flags = Flags> {
  /** `['user', 'add']`; one or two words. */
  readonly words: readonly [string] | readonly [string, string];
  readonly summary: WordKey;
  readonly effect: Effect;
  /** Lowest rank that may run it. */
  readonly role: Rank;
  readonly arguments: A;
  readonly flags: F;
  /** `terminal`: refused in rooms. */
  readonly surface: 'everywhere' | 'terminal';
  /** What it only answers with an error without, where the config may lack it. Missing: nothing. */
  readonly needs?: Need;
  /** Command lines (without prefix) shown in help; each is parsed by a test. */
  readonly examples: readonly string[];
}
