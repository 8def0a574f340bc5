import { setOf, type CharacterSet } from './character-set.ts';
import { PatternProblem, type Expression } from './syntax.ts';

/** One instruction of a pattern's machine (Thompson's construction); `next`: where it goes on. */
export type Instruction =
  | { readonly is: 'take'; readonly set: CharacterSet; readonly next: number }
  | { readonly is: 'fork'; readonly next: number; readonly other: number }
  | {
      readonly is: 'assert';
      readonly what: 'start' | 'end' | 'word' | 'no-word';
      readonly next: number;
    }
  | { readonly is: 'found' };

/** More instructions make a slow pattern and are no honest wish. */
const mostInstructions = 2000;

/** The instructions of an expression; `start` is where they begin. Throws {@link PatternProblem}. */
export function programOf(
  expression: Expression,
  ignoreCase: boolean,
): { readonly instructions: readonly Instruction[]; readonly start: number } {
  const instructions: Instruction[] = [];
  const add = (instruction: Instruction): number => {
    if (instructions.length >= mostInstructions) throw new PatternProblem('logs.grep.big');
    instructions.push(instruction);
    return instructions.length - 1;
  };

  /** Written from the end: `next` is known. Returns where the part begins. */
  const write = (part: Expression, next: number): number => {
    switch (part.is) {
      case 'set':
        return add({ is: 'take', set: setOf(part.ranges, ignoreCase), next });
      case 'assertion':
        return add({ is: 'assert', what: part.what, next });
      case 'sequence':
        return part.parts.reduceRight((after, each) => write(each, after), next);
      case 'choice': {
        const [last, ...others] = part.parts.map((each) => write(each, next)).reverse();
        return others.reduce((other, each) => add({ is: 'fork', next: each, other }), last ?? next);
      }
      case 'repeat':
        return repeat(part, next);
      default:
        return part satisfies never;
    }
  };

  const repeat = (
    { part, least, most }: Extract<Expression, { is: 'repeat' }>,
    next: number,
  ): number => {
    let begin = next;
    if (most === null) {
      begin = add({ is: 'fork', next, other: next });
      const body = write(part, begin);
      instructions[begin] = { is: 'fork', next: body, other: next };
    } else {
      for (let count = least; count < most; count += 1) {
        begin = add({ is: 'fork', next: write(part, begin), other: next });
      }
    }
    for (let count = 0; count < least; count += 1) begin = write(part, begin);
    return begin;
  };

  const start = write(expression, add({ is: 'found' }));
  return { instructions, start };
}
