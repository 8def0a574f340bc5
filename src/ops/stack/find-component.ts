import { distance } from 'fastest-levenshtein';
import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import type { ComponentKind } from './component-kind.ts';
import { components } from './components.ts';

const longestWord = 60;

const wordsOf = (kind: ComponentKind): readonly string[] => [kind.key, ...kind.aliases];

/** Folds how people write the same word: case, blanks, `_`, and a release name in front. */
function folded(typed: string, release: string): string {
  const word = typed
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
  const prefix = `${release}-`;
  return word.startsWith(prefix) && word.length > prefix.length ? word.slice(prefix.length) : word;
}

/** The component that a person means by its key, another name of it, or its object's name; or null. */
export function knownComponent(typed: string, release: string): ComponentKind | null {
  const exact = typed.trim().toLowerCase();
  const word = folded(typed, release);
  const named = (wanted: string) =>
    components.find((kind) => wordsOf(kind).includes(wanted) || kind.names.includes(wanted));
  return named(exact) ?? named(word) ?? null;
}

/** Key of the component whose name is nearest to a word that is none; null where none is near. */
export function nearestComponent(typed: string, release: string): string | null {
  const word = folded(typed, release);
  if (word.length < 2 || word.length > longestWord) return null;
  let best: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const kind of components) {
    for (const name of wordsOf(kind)) {
      const edits = word.length >= 3 && name.startsWith(word) ? 1 : distance(word, name);
      if (edits > Math.ceil(name.length / 3) || edits >= fewest) continue;
      best = kind.key;
      fewest = edits;
    }
  }
  return best;
}

/**
 * The component that a person means. Throws `E_COMPONENT_UNKNOWN` with the nearest name. Whether
 * the release has it is another question: ask the stack.
 */
export function findComponentKind(typed: string, release: string): ComponentKind {
  const kind = knownComponent(typed, release);
  if (kind !== null) return kind;
  const nearest = nearestComponent(typed, release);
  throw new AppError('E_COMPONENT_UNKNOWN', {
    component: typed,
    suggestion: nearest === null ? '' : say('component.nearest', { nearest }),
    components: components
      .filter(({ isWorker }) => !isWorker)
      .map(({ key }) => key)
      .join(', '),
  });
}
