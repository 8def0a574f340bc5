import { isWordCode } from './character-set.ts';
import type { Instruction } from './program.ts';

/** A set of places in the program, and what stood before: enough to go on from there. */
interface State {
  readonly places: readonly number[];
  readonly atStart: boolean;
  readonly afterWord: boolean;
  /** What follows a code unit; `true`: found. Filled as it is met. */
  readonly next: Map<number, State | true>;
  /** Whether the end of the line makes it a match; null: not asked yet. */
  atEnd: boolean | null;
}

/** States that are kept; a pattern with more pays for them anew. */
const mostStates = 2000;

/**
 * Runs a program over lines, every start at once: the time is at most the length of the line times
 * the size of the program, whatever both are (Thompson 1968; Cox, "Regular Expression Matching Can
 * Be Simple And Fast"). The states that were met are kept, so that it mostly is one look-up a letter.
 */
export class Automaton {
  readonly #instructions: readonly Instruction[];
  readonly #start: number;
  #states = new Map<string, State>();
  #first: State;

  constructor(program: { readonly instructions: readonly Instruction[]; readonly start: number }) {
    this.#instructions = program.instructions;
    this.#start = program.start;
    this.#first = this.#state([], true, false);
  }

  /** Whether the line holds a match somewhere. */
  matches(line: string): boolean {
    let state = this.#first;
    for (let at = 0; at < line.length; at += 1) {
      const code = line.charCodeAt(at);
      let next = state.next.get(code);
      if (next === undefined) {
        next = this.#step(state, code);
        state.next.set(code, next);
      }
      if (next === true) return true;
      state = next;
    }
    state.atEnd ??= this.#reach(state, null) === null;
    return state.atEnd;
  }

  #state(places: readonly number[], atStart: boolean, afterWord: boolean): State {
    const key = `${places.join()}|${atStart}|${afterWord}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= mostStates) {
      this.#states = new Map();
      this.#first = this.#state([], true, false);
    }
    const state: State = { places, atStart, afterWord, next: new Map(), atEnd: null };
    this.#states.set(key, state);
    return state;
  }

  #step(state: State, code: number): State | true {
    const reached = this.#reach(state, code);
    if (reached === null) return true;
    const places = new Set<number>();
    for (const place of reached) {
      const instruction = this.#instructions[place];
      if (instruction?.is === 'take' && instruction.set(code)) places.add(instruction.next);
    }
    return this.#state([...places].sort(byNumber), false, isWordCode(code));
  }

  /** Every place that is reached before `code` (null: the line's end) is taken; null: a match is among them. */
  #reach(state: State, code: number | null): ReadonlySet<number> | null {
    const boundary = state.afterWord !== (code !== null && isWordCode(code));
    const holds = {
      start: state.atStart,
      end: code === null,
      word: boundary,
      'no-word': !boundary,
    };
    const reached = new Set<number>();
    const open = [...state.places, this.#start];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (reached.has(place)) continue;
      reached.add(place);
      const instruction = this.#instructions[place];
      if (instruction?.is === 'found') return null;
      if (instruction?.is === 'fork') open.push(instruction.next, instruction.other);
      if (instruction?.is === 'assert' && holds[instruction.what]) open.push(instruction.next);
    }
    return reached;
  }
}

function byNumber(one: number, other: number): number {
  return one - other;
}
