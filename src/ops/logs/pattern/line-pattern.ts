import { Automaton } from './automaton.ts';
import { programOf } from './program.ts';
import { PatternProblem, readExpression } from './syntax.ts';

/** What lines are looked for. */
export interface LinePattern {
  /** As it was typed. */
  readonly source: string;
  matches(line: string): boolean;
}

const longest = 500;

/**
 * What a person typed to look for: a text, in which the case of letters does not matter, or a
 * `/regular expression/` (`/…/i` ignores the case). Matching takes linear time whatever was typed.
 * Throws {@link PatternProblem}.
 */
export function linePattern(source: string): LinePattern {
  if (source.length > longest) throw new PatternProblem('logs.grep.big');
  const expression = /^\/(.+)\/(i?)$/s.exec(source);
  if (expression === null) {
    const wanted = source.toLowerCase();
    return { source, matches: (line) => line.toLowerCase().includes(wanted) };
  }
  const [, body = '', flag] = expression;
  const automaton = new Automaton(programOf(readExpression(body), flag === 'i'));
  return { source, matches: (line) => automaton.matches(line) };
}
