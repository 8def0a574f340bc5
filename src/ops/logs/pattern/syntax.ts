import type { WordKey } from '../../../core/words/index.ts';
import { anything, complement, namedRanges, type Ranges } from './character-set.ts';

/** A regular expression, read. */
export type Expression =
  | { readonly is: 'set'; readonly ranges: Ranges }
  | { readonly is: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly is: 'choice'; readonly parts: readonly Expression[] }
  | {
      readonly is: 'repeat';
      readonly part: Expression;
      readonly least: number;
      /** Null: any number. */
      readonly most: number | null;
    }
  | { readonly is: 'assertion'; readonly what: 'start' | 'end' | 'word' | 'no-word' };

/** Why a text is no expression that is taken here. */
export class PatternProblem extends Error {
  override readonly name = 'PatternProblem';
  readonly why: WordKey;

  constructor(why: WordKey) {
    super(why);
    this.why = why;
  }
}

/** `{2,1000}` makes as many copies. */
const mostCopies = 100;
const deepest = 50;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' };

/**
 * Reads a regular expression of the kind that can be matched in linear time (that of RE2): no
 * backreferences, no look-around. Throws {@link PatternProblem}.
 */
export function readExpression(source: string): Expression {
  return new Reader(source).whole();
}

class Reader {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  whole(): Expression {
    const expression = this.#choice();
    if (this.#at < this.#source.length) throw new PatternProblem('logs.grep.syntax');
    return expression;
  }

  #peek(): string | undefined {
    return this.#source[this.#at];
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #next(): string {
    const character = this.#source[this.#at];
    if (character === undefined) throw new PatternProblem('logs.grep.syntax');
    this.#at += 1;
    return character;
  }

  #choice(): Expression {
    this.#depth += 1;
    if (this.#depth > deepest) throw new PatternProblem('logs.grep.big');
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    this.#depth -= 1;
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { is: 'choice', parts };
  }

  #sequence(): Expression {
    const parts: Expression[] = [];
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (next === '|' || next === ')') break;
      parts.push(this.#repeated());
    }
    return { is: 'sequence', parts };
  }

  #repeated(): Expression {
    const part = this.#atom();
    const count = this.#count();
    if (count === null) return part;
    if (part.is === 'assertion') throw new PatternProblem('logs.grep.syntax');
    this.#take('?');
    if (this.#count() !== null) throw new PatternProblem('logs.grep.syntax');
    return { is: 'repeat', part, ...count };
  }

  #count(): { readonly least: number; readonly most: number | null } | null {
    if (this.#take('*')) return { least: 0, most: null };
    if (this.#take('+')) return { least: 1, most: null };
    if (this.#take('?')) return { least: 0, most: 1 };
    const braces = /^\{(\d{1,4})(?:(,)(\d{0,4}))?\}/.exec(this.#source.slice(this.#at));
    if (braces === null) return null;
    this.#at += braces[0].length;
    const least = Number(braces[1]);
    const open = braces[2] !== undefined;
    const most = !open ? least : braces[3] === '' ? null : Number(braces[3]);
    if (most !== null && most < least) throw new PatternProblem('logs.grep.syntax');
    if (Math.max(least, most ?? 0) > mostCopies) throw new PatternProblem('logs.grep.big');
    return { least, most };
  }

  #atom(): Expression {
    const character = this.#next();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { is: 'set', ranges: this.#class() };
      case '.':
        return { is: 'set', ranges: anything };
      case '^':
        return { is: 'assertion', what: 'start' };
      case '$':
        return { is: 'assertion', what: 'end' };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw new PatternProblem('logs.grep.syntax');
      default:
        return { is: 'set', ranges: [one(character)] };
    }
  }

  #group(): Expression {
    if (this.#take('?:')) return this.#inner();
    if (this.#peek() === '?') throw new PatternProblem('logs.grep.looks');
    return this.#inner();
  }

  #inner(): Expression {
    const inner = this.#choice();
    if (!this.#take(')')) throw new PatternProblem('logs.grep.syntax');
    return inner;
  }

  #escape(): Expression {
    const letter = this.#next();
    if (letter === 'b') return { is: 'assertion', what: 'word' };
    if (letter === 'B') return { is: 'assertion', what: 'no-word' };
    if (/[1-9k]/.test(letter)) throw new PatternProblem('logs.grep.looks');
    return { is: 'set', ranges: this.#escaped(letter) };
  }

  #escaped(letter: string): Ranges {
    const named = namedRanges(letter);
    if (named !== null) return named;
    const control = escapes[letter];
    if (control !== undefined) return [one(control)];
    const hex = letter === 'x' ? 2 : letter === 'u' ? 4 : 0;
    if (hex > 0) {
      const digits = this.#source.slice(this.#at, this.#at + hex);
      if (!/^[\da-f]+$/i.test(digits) || digits.length < hex) {
        throw new PatternProblem('logs.grep.syntax');
      }
      this.#at += hex;
      return [one(String.fromCharCode(Number.parseInt(digits, 16)))];
    }
    if (/[a-z0-9]/i.test(letter)) throw new PatternProblem('logs.grep.syntax');
    return [one(letter)];
  }

  #class(): Ranges {
    const negated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    for (let first = true; ; first = false) {
      const character = this.#next();
      if (character === ']' && !first) break;
      const low = character === '\\' ? this.#escaped(this.#next()) : [one(character)];
      const [only] = low;
      const isRange = this.#peek() === '-' && this.#source[this.#at + 1] !== ']';
      if (!isRange || low.length !== 1 || only === undefined || only[0] !== only[1]) {
        ranges.push(...low);
        continue;
      }
      this.#take('-');
      const end = this.#next();
      const [high] = end === '\\' ? this.#escaped(this.#next()) : [one(end)];
      if (high === undefined || high[1] < only[0]) throw new PatternProblem('logs.grep.syntax');
      ranges.push([only[0], high[1]]);
    }
    return negated ? complement(ranges) : ranges;
  }
}

function one(character: string): readonly [number, number] {
  const code = character.charCodeAt(0);
  return [code, code];
}
