import { nameOf } from './command-index.ts';
import type { Argument, Flag, CommandForm } from './command-form.ts';
import { dryRunFlag } from './parse/invocation.ts';

/** How an argument is written in usage lines and messages: `DISPLAY-NAME`. */
export function placeholder(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toUpperCase();
}

/** `NAME`, `[NAME]`, `NAME...` or `[NAME...]`. */
export function argumentUsage(name: string, argument: Argument): string {
  const shown = `${placeholder(name)}${argument.rest === true ? '...' : ''}`;
  return argument.optional === true ? `[${shown}]` : shown;
}

/** `--name` or `--name=VALUE`. */
export function flagUsage(name: string, flag: Flag): string {
  return flag.value === undefined ? `--${name}` : `--${name}=${flag.value}`;
}

/** Names of all flags that the command knows, `dry-run` of every change among them. */
export function flagNames(command: CommandForm): readonly string[] {
  const own = Object.keys(command.flags);
  return command.effect === 'read' ? own : [...own, dryRunFlag];
}

/** `user add NAME [--display-name=TEXT] [--dry-run]`, without a prefix. */
export function usageOf(command: CommandForm): string {
  const words = Object.entries(command.arguments).map(([name, each]) => argumentUsage(name, each));
  const flags = Object.entries(command.flags).map(([name, flag]) => `[${flagUsage(name, flag)}]`);
  const dryRun = command.effect === 'read' ? [] : [`[--${dryRunFlag}]`];
  return [nameOf(command), ...words, ...flags, ...dryRun].join(' ');
}
