import { distance } from 'fastest-levenshtein';
import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import type { ComponentKind } from './component-kind.ts';
import { components } from './components.ts';

const longestWord = 60;

/** What the cluster appends to a workload's name for a pod: a number, or hashes of its own alphabet. */
const podEnding = /-(?:\d{1,4}|(?:[bcdf-hj-np-tv-xz2-9]{1,10}-)?[bcdf-hj-np-tv-xz2-9]{5})$/;

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

/**
 * The component that a person means by its key, its title, another name of it, or the name of its
 * object or of one of its pods; or null.
 */
export function knownComponent(typed: string, release: string): ComponentKind | null {
  const exact = typed.trim().toLowerCase();
  const word = folded(typed, release);
  const named = (wanted: string) =>
    components.find(
      (kind) =>
        wordsOf(kind).includes(wanted) ||
        kind.names.includes(wanted) ||
        kind.title.toLowerCase() === wanted,
    );
  const ofPod = release !== '' && exact.startsWith(`${release}-`) && podEnding.test(word);
  const owner = ofPod ? named(word.replace(podEnding, '')) : undefined;
  return named(exact) ?? named(word) ?? owner ?? null;
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
      // Three letters are like many words in two of them.
      const most = Math.ceil(Math.min(name.length, word.length) / 3);
      if (edits > most || edits >= fewest) continue;
      best = kind.key;
      fewest = edits;
    }
  }
  return best;
}

/**
 * The component that a person means. Throws `E_COMPONENT_UNKNOWN` with the nearest name, and the
 * workers among `installed`. Whether the release has it is another question: ask the stack.
 */
export function findComponentKind(
  typed: string,
  release: string,
  installed: readonly { readonly kind: ComponentKind }[] = [],
): ComponentKind {
  const kind = knownComponent(typed, release);
  if (kind !== null) return kind;
  const nearest = nearestComponent(typed, release);
  const workers = installed.flatMap((each) => (each.kind.isWorker ? each.kind.key : []));
  throw new AppError('E_COMPONENT_UNKNOWN', {
    component: typed,
    suggestion: nearest === null ? '' : say('component.nearest', { nearest }),
    components: components
      .filter(({ isWorker }) => !isWorker)
      .map(({ key }) => key)
      .join(', '),
    workers:
      workers.length === 0
        ? say('component.workers')
        : say('component.workers.installed', { names: workers.join(', ') }),
  });
}
