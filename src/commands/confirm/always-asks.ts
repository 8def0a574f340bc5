import type { Invocation } from '../parse/invocation.ts';

/** Whether a command asks before it runs, however fresh it is and whoever gives it. */
export function alwaysAsks({ command, input }: Invocation): boolean {
  switch (command.effect) {
    case 'read':
      return false;
    case 'change':
      return command.asksFirst?.(input) === true;
    case 'destroy':
      return true;
    default:
      return command satisfies never;
  }
}
