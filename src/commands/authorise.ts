import { AppError } from '../core/errors.ts';
import { say } from '../core/text.ts';
import { reaches, type Actor, type Rank, type Role } from './actor.ts';
import { nameOf, type CommandIndex } from './command-index.ts';
import type { CommandForm } from './command-form.ts';
import type { Command } from './command.ts';
import { nearestCommand } from './parse/nearest.ts';
import { usageOf } from './usage.ts';

/** Roles that the config gives to commands in place of their own, by name (`user add`). */
export type RoleOverrides = ReadonlyMap<string, Rank>;

/**
 * Checks `roles` of the config. Any role may be raised or lowered down to viewer; what works only on
 * the terminal stays there. Throws `E_CONFIG_INVALID` for a command that does not exist: a slip there
 * would leave the command more open than its owner believes.
 */
export function roleOverrides(
  index: CommandIndex,
  configured: Readonly<Record<string, Role>>,
  file: string,
): RoleOverrides {
  const names = Object.keys(configured);
  const unknown = names.find((name) => index.find(name) === null);
  if (unknown !== undefined) {
    const nearest = nearestCommand(unknown.split(' '), index) ?? 'user add';
    const reason = say('settings.reason.command', { nearest });
    throw new AppError('E_CONFIG_INVALID', { file, place: `roles.${unknown}`, reason });
  }
  return new Map(Object.entries(configured));
}

/** The commands with the roles that hold now: what `help` shows and `authorise` asks for. */
export function withRoles(
  commands: readonly Command[],
  overrides: RoleOverrides,
): readonly Command[] {
  return commands.map((command) => ({
    ...command,
    role: overrides.get(nameOf(command)) ?? command.role,
  }));
}

/**
 * Whether this actor may run this command here. Throws `E_TERMINAL_ONLY`, `E_ROLE_TOO_LOW`. Who is
 * not on the list has no {@link Actor} and never gets this far.
 */
export function authorise(command: CommandForm, actor: Actor, surface: 'room' | 'terminal'): void {
  const name = nameOf(command);
  if (command.surface === 'terminal' && surface !== 'terminal') {
    throw new AppError('E_TERMINAL_ONLY', { command: name, usage: usageOf(command) });
  }
  if (!reaches(actor.rank, command.role)) {
    throw new AppError('E_ROLE_TOO_LOW', {
      command: name,
      needed: say(`role.${command.role}`),
      role: say(`role.${actor.rank}`),
    });
  }
}
