import { describe, expect, it } from 'vitest';
import {
  ranks,
  reaches,
  roles,
  type Actor,
  type Rank,
  type Role,
} from '../../../src/commands/actor.ts';
import type { RoleOverrides } from '../../../src/commands/authorise.ts';
import { nameOf } from '../../../src/commands/command-index.ts';
import { commands } from '../../../src/commands/nouns/index.ts';
import { parseLine } from '../../../src/commands/parse/parse.ts';
import { createPermissions } from '../../../src/commands/permissions.ts';
import { createRegistry } from '../../../src/commands/registry.ts';
import { AppError } from '../../../src/core/errors.ts';
import { parseUserId, type Localpart } from '../../../src/core/ids.ts';
import type { Command } from '../../../src/commands/command.ts';
import type { Invocation } from '../../../src/commands/parse/invocation.ts';
import { add } from './example-commands.ts';
import { account, directory } from './made-up-accounts.ts';

const registry = createRegistry(commands);
const botUser = parseUserId('@bot:x.org');
const actors: readonly (Actor & { readonly at: 'room' | 'terminal' })[] = [
  ...roles.map(
    (rank) => ({ kind: 'person', user: parseUserId('@me:x.org'), rank, at: 'room' }) as const,
  ),
  ...ranks.map((rank) => ({ kind: 'local', login: 'me', rank, at: 'terminal' }) as const),
];
const targets: readonly { readonly role: Role | null; readonly serverAdmin: boolean }[] = [
  null,
  ...roles,
].flatMap((role) => [false, true].map((serverAdmin) => ({ role, serverAdmin })));

function example(command: Command): Invocation {
  return parseLine(registry, command.examples[0] ?? '');
}

function accountOf({ command, input }: Invocation): Localpart | null {
  return command.effect === 'read' ? null : command.account(input);
}

async function verdict(
  invocation: Invocation,
  actor: (typeof actors)[number],
  target: (typeof targets)[number],
  overrides: RoleOverrides = new Map(),
  adminCount = 2,
): Promise<string> {
  const name = accountOf(invocation);
  const permissions = createPermissions({
    overrides: () => overrides,
    people: { roleOfAccount: () => target.role, adminCount: () => adminCount },
    users: directory(
      account('chief', { serverAdmin: true }),
      ...(name === null ? [] : [account(name, { serverAdmin: target.serverAdmin })]),
    ),
    botUser,
    serverName: 'x.org',
  });
  try {
    permissions.authorise(invocation, actor, actor.at);
    await permissions.guard(invocation, actor, AbortSignal.timeout(10_000));
    return 'allowed';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** The rule in other words than the code's: a table of numbers. */
function expected(
  command: Command,
  names: boolean,
  actor: (typeof actors)[number],
  target: (typeof targets)[number],
): string {
  const height: Record<Rank, number> = { viewer: 1, operator: 2, admin: 3, owner: 4 };
  if (command.surface === 'terminal' && actor.at === 'room') return 'E_TERMINAL_ONLY';
  if (height[actor.rank] < height[command.role]) return 'E_ROLE_TOO_LOW';
  if (!names) return 'allowed';
  if (target.serverAdmin && height[actor.rank] < 4) return 'E_ACCOUNT_PROTECTED_ADMIN';
  const targetHeight = target.role === null ? 0 : height[target.role];
  return height[actor.rank] > targetHeight ? 'allowed' : 'E_ACCOUNT_PROTECTED_RANK';
}

describe('[#12] every registered command × rank × role of the target (accounts made up)', () => {
  it.each(registry.commands.map((command) => [nameOf(command), command] as const))(
    '%s',
    async (_name, command) => {
      const invocation = example(command);
      const names = accountOf(invocation) !== null;
      for (const actor of actors) {
        for (const target of names ? targets : targets.slice(0, 1)) {
          const row = `${actor.kind} ${actor.rank} on ${target.role ?? 'nobody'}${target.serverAdmin ? ', server admin' : ''}`;
          expect(`${row}: ${await verdict(invocation, actor, target)}`).toBe(
            `${row}: ${expected(command, names, actor, target)}`,
          );
        }
      }
    },
  );

  it('a command that changes an account names it', () => {
    const silent = registry.commands.filter(
      (command) =>
        command.words[0] === 'user' &&
        command.words[1] !== 'add' &&
        command.effect !== 'read' &&
        accountOf(example(command)) === null,
    );
    expect(silent.map(nameOf)).toEqual([]);
  });

  it('what destroys needs the role admin at least', () => {
    const low = registry.commands.filter(
      (command) => command.effect === 'destroy' && !reaches(command.role, 'admin'),
    );
    expect(low.map(nameOf)).toEqual([]);
  });

  it.each([
    ['user admin alice off', 'allowed'],
    ['user password alice', 'allowed'],
    ['user unlock alice', 'allowed'],
    ['user lock alice', 'E_ACCOUNT_LAST_ROLE_ADMIN'],
    ['user deactivate alice', 'E_ACCOUNT_LAST_ROLE_ADMIN'],
  ])('[#37] root on the last person with the role admin: %s', async (line, end) => {
    const invocation = parseLine(registry, line);
    const owner = { kind: 'local', login: 'root', rank: 'owner', at: 'terminal' } as const;
    const last = { role: 'admin', serverAdmin: false } as const;
    expect(await verdict(invocation, owner, last, new Map(), 1)).toBe(end);
  });

  it('an override holds at once and does not lift the guards', async () => {
    const victim = { ...add, account: ({ name }: { readonly name: Localpart }) => name };
    const invocation = parseLine(createRegistry([victim]), 'user add alice');
    const me = {
      kind: 'person',
      user: parseUserId('@me:x.org'),
      rank: 'viewer',
      at: 'room',
    } as const;
    const lowered = new Map([['user add', 'viewer']] as const);
    const nobody = { role: null, serverAdmin: false };
    expect(await verdict(invocation, me, nobody)).toBe('E_ROLE_TOO_LOW');
    expect(await verdict(invocation, me, nobody, lowered)).toBe('allowed');
    expect(await verdict(invocation, me, { role: 'viewer', serverAdmin: false }, lowered)).toBe(
      'E_ACCOUNT_PROTECTED_RANK',
    );
    expect(await verdict(invocation, me, { role: null, serverAdmin: true }, lowered)).toBe(
      'E_ACCOUNT_PROTECTED_ADMIN',
    );
  });
});
