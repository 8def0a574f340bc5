import { say, type Text } from '../../core/text.ts';
import type { HealingAction, HealingLeft, HealingMemory } from '../../platform/store/healing.ts';
import type { Incident } from '../../platform/store/incidents.ts';
import { findComponentKind } from '../stack/find-component.ts';
import { neverByItself } from './protected.ts';

/** In the place of an error's code: it was begun, and what kept it from being done went by. */
export const notDone = 'not-done';

/** What self-healing has done about an incident, for its message; oldest first. */
export function healingNotes(
  memory: Pick<HealingMemory, 'actions' | 'left'>,
  { identity, openedAt }: Incident,
): readonly Text[] {
  const actions = memory
    .actions()
    .filter((each) => each.identity === identity && each.at >= openedAt);
  const left = memory.left().filter((each) => each.identity === identity);
  return [...actions.map(actionText), ...left.map(leftText)];
}

/** The component's proper name. */
export function titleOf(component: string): string {
  return findComponentKind(component, '').title;
}

function actionText({ rung, component: key, pod, at, state, code }: HealingAction): Text {
  const told = { at: { moment: at }, pod, component: titleOf(key) };
  if (state === 'done') return say(`healing.did.${rung}`, told);
  if (state === 'begun') return say(`healing.does.${rung}`, told);
  if (code === notDone) return say(`healing.undone.${rung}`, told);
  return say(`healing.failed.${rung}`, { ...told, code: code ?? '' });
}

function leftText({ component: key, why }: HealingLeft): Text {
  const component = titleOf(key);
  if (why !== 'protected') return say(`healing.left.${why}`, { component });
  const reason = neverByItself.get(key);
  const because = reason === undefined ? null : say(reason);
  return say('healing.left.protected', { component, because });
}
