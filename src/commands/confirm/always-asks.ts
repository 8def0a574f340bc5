import type { Rank } from '../actor.ts';
import type { Invocation } from '../parse/invocation.ts';

/**
 * Whether a command asks before it runs however fresh it is: it destroys, or whoever gives it could
 * not take it back.
 */
export function alwaysAsks({ command, input }: Invocation, rank: Rank): boolean {
  switch (command.effect) {
    case 'read':
      return false;
    case 'change':
      return command.asksFirst?.(input, rank) === true;
    case 'destroy':
      return true;
    default:
      return command satisfies never;
  }
}
