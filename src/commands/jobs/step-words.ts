import { say, type Text } from '../../core/text.ts';
import { steps } from '../../core/words/en/steps.ts';
import type { WordKey } from '../../core/words/index.ts';
import { components } from '../../ops/stack/components.ts';

const isKey = (key: string): key is WordKey & keyof typeof steps => Object.hasOwn(steps, key);

/**
 * What a person reads of a step: what it does, or the component that it is about. A name that is in
 * no catalogue stands as it is (a job of another version).
 */
export function stepWords(name: string): Text {
  const key = `step.${name}`;
  if (isKey(key)) return say(key);
  const component = components.find(({ key: known }) => known === name);
  return component === undefined ? name : say('jobs.step.component', { name: component.title });
}

/** Several of them, one after the other; empty where there are none. */
export function stepList(names: readonly string[]): Text {
  const [first, ...others] = names;
  if (first === undefined) return '';
  return others.reduce(
    (before, name) => say('jobs.steps.list', { before, step: stepWords(name) }),
    stepWords(first),
  );
}
