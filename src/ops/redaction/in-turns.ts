import { setImmediate as turn } from 'node:timers/promises';
import type { Json } from '../../core/json.ts';
import { KeyGate } from '../logs/key-gate.ts';
import { cleanJson } from './clean-json.ts';

type Redact = (text: string) => string;

/** Looking through this much takes some 10 ms (characters). */
const blockLength = 48 * 1024;
/** What a rule can span: a name and its value, a recovery key that is broken into lines. */
const spannedLines = 12;

/**
 * A long text without secrets, looked through piece by piece, so that nothing else has to wait. The
 * pieces end where no secret goes on from one line to the next; keys of many lines are hidden first.
 */
export async function redactInTurns(text: string, redact: Redact): Promise<string> {
  const gate = new KeyGate();
  const lines = text.split('\n').map((line) => gate.pass(line));
  const done: string[] = [];
  let from = 0;
  let length = 0;
  for (let to = 1; to <= lines.length; to += 1) {
    length += (lines[to - 1]?.length ?? 0) + 1;
    if (to < lines.length && (length < blockLength || goesOn(lines, to, redact))) continue;
    done.push(redact(lines.slice(from, to).join('\n')));
    from = to;
    length = 0;
    await turn();
  }
  return done.join('\n');
}

/** Whether something is a secret only because the line before `at` stands before that at `at`. */
function goesOn(lines: readonly string[], at: number, redact: Redact): boolean {
  const before = lines.slice(Math.max(0, at - spannedLines), at).join('\n');
  const after = lines.slice(at, at + spannedLines).join('\n');
  return redact(`${before}\n${after}`) !== `${redact(before)}\n${redact(after)}`;
}

/** {@link cleanJson}; a list of objects one by one, so that nothing else has to wait. */
export async function cleanJsonInTurns(value: Json, redact: Redact): Promise<Json> {
  if (!isListOfObjects(value)) return cleanJson(value, redact);
  const clean: Json[] = [];
  for (const each of value) {
    clean.push(cleanJson(each, redact));
    await turn();
  }
  return clean;
}

function isListOfObjects(value: Json): value is readonly Json[] {
  return Array.isArray(value) && value.every((each) => each !== null && typeof each === 'object');
}
