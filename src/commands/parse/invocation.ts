import { z } from 'zod';
import type { Arguments, Flags } from '../command-form.ts';
import type { Command, Input } from '../command.ts';

/**
 * The words of a command as they were typed, by argument and flag name. Plain JSON: a job keeps it
 * and makes the input of it again after a restart. A switch is `true`; `dry-run` is among the flags.
 */
export type RawInput = {
  readonly arguments: Readonly<Record<string, string | readonly string[]>>;
  readonly flags: Readonly<Record<string, string | true>>;
};

/** Checks a stored {@link RawInput}. */
export const rawInputSchema: z.ZodType<RawInput> = z.strictObject({
  arguments: z.record(z.string(), z.union([z.string(), z.array(z.string()).readonly()])),
  flags: z.record(z.string(), z.union([z.string(), z.literal(true)])),
});

/** What a command gets, with its types forgotten as the registry's commands have. */
export type AnyInput = Input<Arguments, Flags>;

/** A line that was understood: which command, with what. */
export interface Invocation {
  readonly command: Command;
  readonly raw: RawInput;
  /** The output of the command's schemas; an argument or flag that was left out is what its schema makes of `undefined` (a switch: `false`). */
  readonly input: AnyInput;
  readonly dryRun: boolean;
}

/** The flag that every change has without declaring it. */
export const dryRunFlag = 'dry-run';
