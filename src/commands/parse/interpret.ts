import type { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Argument, Flag } from '../command-form.ts';
import type { Command } from '../command.ts';
import { placeholder, usageOf } from '../usage.ts';
import { codePointName } from './character-fate.ts';
import { hiddenIn } from './characters.ts';
import { dryRunFlag, type AnyInput, type Invocation, type RawInput } from './invocation.ts';
import { LineError, type Place } from './line-error.ts';
import { reasonOf } from './reason.ts';
import { shorten } from './shorten.ts';

/** Where the word for an argument or `--flag` stands in the line, for the caret. */
export type Locate = (label: string) => Place;

/**
 * Runs the typed words through the command's schemas. Throws `E_ARGUMENT_INVALID` and what a schema
 * throws by itself (an id parser's `E_ID_INVALID`), both with their place.
 */
export function interpret(
  command: Command,
  raw: RawInput,
  locate: Locate,
  prefix: string,
): Invocation {
  const read = (label: string, declared: Argument | Flag, typed: unknown): unknown =>
    valueOf({ label, declared, typed, locate, usage: `${prefix}${usageOf(command)}` });
  const entries: [string, unknown][] = [];
  for (const [name, declared] of Object.entries(command.arguments)) {
    const typed = raw.arguments[name] ?? (declared.rest === true ? [] : undefined);
    entries.push([name, read(placeholder(name), declared, typed)]);
  }
  for (const [name, declared] of Object.entries(command.flags)) {
    const typed = raw.flags[name] ?? (declared.value === undefined ? false : undefined);
    entries.push([name, read(`--${name}`, declared, typed)]);
  }
  const input: AnyInput = Object.fromEntries(entries);
  return { command, raw, input, dryRun: raw.flags[dryRunFlag] === true };
}

function valueOf(word: {
  readonly label: string;
  readonly declared: {
    readonly schema: z.ZodType;
    readonly secret?: boolean;
    readonly exact?: boolean;
  };
  readonly typed: unknown;
  readonly locate: Locate;
  readonly usage: string;
}): unknown {
  const { label, declared, typed, usage } = word;
  const fail = (error: AppError): AppError =>
    declared.secret === true
      ? new AppError(error.code, error.params)
      : new LineError(error.code, error.params, word.locate(label));
  const hidden =
    declared.exact === true && typed !== undefined ? hiddenIn(word.locate(label)) : null;
  if (hidden !== null) {
    const character = codePointName(hidden.source.slice(hidden.start));
    throw new LineError('E_PARSE_CHARACTER', { character }, hidden);
  }
  const result = parsed(declared.schema, typed, fail);
  if (result.success) return result.data;
  const value =
    declared.secret === true
      ? '…'
      : shorten(Array.isArray(typed) ? typed.join(' ') : String(typed));
  const reason = reasonOf(result.error.issues[0]);
  throw fail(new AppError('E_ARGUMENT_INVALID', { value, argument: label, reason, usage }));
}

function parsed(
  schema: z.ZodType,
  typed: unknown,
  fail: (error: AppError) => AppError,
): z.ZodSafeParseResult<unknown> {
  try {
    return schema.safeParse(typed);
  } catch (error) {
    // A schema may parse with a function of ours (an id parser) that throws for people to read.
    if (error instanceof AppError) throw fail(error);
    throw error;
  }
}
