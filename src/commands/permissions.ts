import type { UserId } from '../core/ids.ts';
import type { UserDirectory } from '../platform/users/user-directory.ts';
import { authorise, withRoles, type RoleOverrides } from './authorise.ts';
import type { People } from './capabilities.ts';
import type { Command } from './command.ts';
import { guardAccount, readGuardedAccount, type GuardedAction } from './guard.ts';
import type { Invocation } from './parse/invocation.ts';
import { printInvocation, printShellWord } from './parse/print.ts';
import type { Permissions } from './parts.ts';

/** What permissions are decided from. `overrides` is read each time, so that a reload holds at once. */
export interface PermissionSources {
  readonly overrides: () => RoleOverrides;
  readonly people: Pick<People, 'roleOfAccount' | 'adminCount'>;
  readonly users: Pick<UserDirectory, 'find' | 'list'>;
  readonly botUser: UserId;
  readonly serverName: string;
}

function whatIsKept(
  command: Exclude<Command, { readonly effect: 'read' }>,
  input: Invocation['input'],
): Pick<GuardedAction, 'keepsAccess' | 'keepsLogin'> {
  const keepsAccess = command.keepsAccess?.(input) === true;
  return { keepsAccess, keepsLogin: command.keepsLogin?.(input) ?? keepsAccess };
}

/** Who may do what: the roles of commands and the guards of accounts, as they are now. */
export function createPermissions(from: PermissionSources): Permissions {
  return {
    authorise: ({ command }, actor, surface) => {
      const [effective = command] = withRoles([command], from.overrides());
      authorise(effective, actor, surface);
    },
    guard: async (invocation, actor, signal) => {
      const { command, input } = invocation;
      if (command.effect === 'read') return;
      const localpart = command.account(input);
      if (localpart === null) return;
      guardAccount({
        actor,
        account: await readGuardedAccount(from, localpart, signal),
        botUser: from.botUser,
        ...whatIsKept(command, input),
        byOwnClient: command.byOwnClient === true,
        line: printInvocation(invocation, printShellWord),
      });
    },
  };
}
