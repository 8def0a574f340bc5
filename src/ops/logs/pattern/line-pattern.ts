import { Automaton } from './automaton.ts';
import { programOf } from './program.ts';
import { PatternProblem, readExpression } from './syntax.ts';

const longest = 500;

/**
 * What a person typed to look for: a text, in which the case of letters does not matter, or a
 * `/regular expression/` (`/…/i` ignores the case). Matching takes linear time whatever was typed.
 */
export class LinePattern {
  /** As it was typed. */
  readonly source: string;
  readonly #matches: (line: string) => boolean;

  /** Throws {@link PatternProblem}. */
  constructor(source: string) {
    if (source.length > longest) throw new PatternProblem('logs.grep.big');
    this.source = source;
    const expression = /^\/(.+)\/(i?)$/s.exec(source);
    if (expression === null) {
      const wanted = source.toLowerCase();
      this.#matches = (line) => line.toLowerCase().includes(wanted);
      return;
    }
    const [, body = '', flag] = expression;
    const automaton = new Automaton(programOf(readExpression(body), flag === 'i'));
    this.#matches = (line) => automaton.matches(line);
  }

  matches(line: string): boolean {
    return this.#matches(line);
  }
}
