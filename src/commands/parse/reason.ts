import type { z } from 'zod';
import { say, type Phrase, type Value } from '../../core/text.ts';
import type { WordKey } from '../../core/words/index.ts';

/**
 * Why a schema of ours refuses a value, in words of the catalogue: `z.string().refine(check,
 * because('user.reason.reserved'))`. Reads on after "does not fit NAME:", without a full stop.
 */
export class Reason {
  readonly phrase: Phrase;

  constructor(phrase: Phrase) {
    this.phrase = phrase;
  }
}

/** The second parameter of zod's `refine`, with a {@link Reason}. */
export function because(
  key: WordKey,
  params?: Readonly<Record<string, Value>>,
): { readonly params: { readonly reason: Reason } } {
  return { params: { reason: new Reason(say(key, params)) } };
}

/** Zod's finding in words of the catalogue; zod's own English never reaches a person. */
export function reasonOf(issue: z.core.$ZodIssue | undefined): Phrase {
  switch (issue?.code) {
    case 'custom': {
      const given: unknown = issue.params?.['reason'];
      return given instanceof Reason ? given.phrase : say('parse.reason.invalid');
    }
    case 'invalid_type':
      return say(wantedType(issue.expected));
    case 'invalid_value':
      return say('parse.reason.choice', { values: issue.values.map(String).join(', ') });
    case 'too_small':
      return say(issue.origin === 'string' ? 'parse.reason.short' : 'parse.reason.small', {
        limit: shownLimit(issue.minimum),
      });
    case 'too_big':
      return say(issue.origin === 'string' ? 'parse.reason.long' : 'parse.reason.big', {
        limit: shownLimit(issue.maximum),
      });
    case 'invalid_format':
      return say('parse.reason.format');
    case 'not_multiple_of':
      return say('parse.reason.multiple', { divisor: shownLimit(issue.divisor) });
    case 'invalid_union':
      return reasonOf(issue.errors.flat()[0]);
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case undefined:
      return say('parse.reason.invalid');
    default:
      issue satisfies never;
      return say('parse.reason.invalid');
  }
}

function wantedType(expected: string): WordKey {
  if (expected === 'int') return 'parse.reason.integer';
  return expected === 'number' || expected === 'nan'
    ? 'parse.reason.number'
    : 'parse.reason.invalid';
}

function shownLimit(limit: number | bigint): number | string {
  return typeof limit === 'bigint' ? limit.toString() : limit;
}
