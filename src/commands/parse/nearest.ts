import { distance } from 'fastest-levenshtein';
import { nameOf, type CommandIndex } from '../command-index.ts';
import type { CommandForm } from '../command-form.ts';

const longestWord = 40;

/** Edits between two words where they are few enough to be a slip, else null. */
function slip(typed: string, meant: string): number | null {
  if (typed.length > longestWord) return null;
  if (typed.length >= 3 && meant.startsWith(typed)) return typed === meant ? 0 : 1;
  const edits = distance(typed, meant);
  return edits <= Math.ceil(meant.length / 3) ? edits : null;
}

/** The name that was probably meant; null where none is near. */
export function nearestName(typed: string, names: readonly string[]): string | null {
  return least(names.map((name) => [name, slip(typed, name)]));
}

/** The command that was probably meant by the first words of a line, also with its two words swapped. */
export function nearestCommand(
  typed: readonly string[],
  index: CommandIndex<CommandForm>,
): string | null {
  return least(
    index.commands.map((command) => {
      const name = nameOf(command);
      const swapped = slips([...typed.slice(0, 2)].reverse(), command.words);
      return [name, slips(typed, command.words) ?? (command.words.length === 2 ? swapped : null)];
    }),
  );
}

function slips(typed: readonly string[], words: readonly string[]): number | null {
  let sum = 0;
  for (const [position, word] of words.entries()) {
    const edits = slip(typed[position] ?? '', word);
    if (edits === null) return null;
    sum += edits;
  }
  return sum;
}

function least(candidates: readonly (readonly [string, number | null])[]): string | null {
  let best: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const [name, edits] of candidates) {
    if (edits !== null && edits < fewest) {
      best = name;
      fewest = edits;
    }
  }
  return best;
}
