import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/commands/actor.ts';
import {
  guardAccount,
  readGuardedAccount,
  type GuardedAccount,
} from '../../../src/commands/guard.ts';
import { parseLocalpart, parseUserId } from '../../../src/core/ids.ts';
import type { Account } from '../../../src/platform/users/user-directory.ts';
import { caught } from './caught.ts';
import { account, directory } from './made-up-accounts.ts';

const botUser = parseUserId('@bot:x.org');
const anna: Actor = { kind: 'person', user: parseUserId('@anna:x.org'), rank: 'admin' };
const root: Actor = { kind: 'local', login: 'root', rank: 'owner' };
const bob: GuardedAccount = {
  user: parseUserId('@bob:x.org'),
  role: null,
  serverAdmin: false,
  lastServerAdmin: false,
  lastAdminPerson: false,
};
const line = 'user lock bob';

function verdict(actor: Actor, facts: Partial<GuardedAccount>, keepsAccess = false): string {
  const run = (): void =>
    guardAccount({ actor, account: { ...bob, ...facts }, botUser, keepsAccess, line });
  try {
    run();
    return 'allowed';
  } catch {
    return caught(run).code;
  }
}

describe('[#37] guards of accounts', () => {
  it.each<[string, Actor, Partial<GuardedAccount>, boolean, string]>([
    ['an ordinary account', anna, {}, false, 'allowed'],
    ['an operator by an admin', anna, { role: 'operator' }, false, 'allowed'],
    ['an admin by an admin', anna, { role: 'admin' }, false, 'E_ACCOUNT_PROTECTED_RANK'],
    ["an admin's password by an admin", anna, { role: 'admin' }, true, 'E_ACCOUNT_PROTECTED_RANK'],
    ['an admin by root', root, { role: 'admin' }, false, 'allowed'],
    ['oneself', anna, { user: parseUserId('@anna:x.org') }, false, 'E_ACCOUNT_IS_SELF'],
    ['own password', anna, { user: parseUserId('@anna:x.org') }, true, 'E_ACCOUNT_IS_SELF'],
    ['the bot', anna, { user: botUser }, true, 'E_ACCOUNT_IS_BOT'],
    ['the bot by root', root, { user: botUser }, false, 'E_ACCOUNT_IS_BOT'],
    ['a server admin', anna, { serverAdmin: true }, true, 'E_ACCOUNT_PROTECTED_ADMIN'],
    ['a server admin by root', root, { serverAdmin: true }, false, 'allowed'],
    [
      'the last server admin by root',
      root,
      { serverAdmin: true, lastServerAdmin: true },
      false,
      'E_ACCOUNT_LAST_ADMIN',
    ],
    [
      "the last server admin's password by root",
      root,
      { serverAdmin: true, lastServerAdmin: true },
      true,
      'allowed',
    ],
    [
      'the last admin of the bot by root',
      root,
      { role: 'admin', lastAdminPerson: true },
      false,
      'E_ACCOUNT_LAST_ADMIN',
    ],
    [
      "the last admin's password by root",
      root,
      { role: 'admin', lastAdminPerson: true },
      true,
      'allowed',
    ],
  ])('%s', (_name, actor, facts, keepsAccess, expected) => {
    expect(verdict(actor, facts, keepsAccess)).toBe(expected);
  });

  it('names the account and the way out', () => {
    const target = { ...bob, serverAdmin: true };
    const run = (): void =>
      guardAccount({ actor: anna, account: target, botUser, keepsAccess: false, line });
    expect(caught(run).params).toEqual({ account: '@bob:x.org', command: line });
  });
});

describe('[#37] facts for the guards (accounts made up)', () => {
  const people = {
    roleOfAccount: (name: string) => (name === 'anna' ? ('admin' as const) : null),
    adminCount: () => 1,
  };
  const read = (name: string, ...accounts: readonly Account[]): Promise<GuardedAccount> =>
    readGuardedAccount(
      { people, users: directory(...accounts), botUser, serverName: 'x.org' },
      parseLocalpart(name),
    );
  const chief = account('chief', { serverAdmin: true });

  it('an account that does not exist is guarded by its name', async () => {
    expect(await read('anna')).toEqual({
      user: '@anna:x.org',
      role: 'admin',
      serverAdmin: false,
      lastServerAdmin: false,
      lastAdminPerson: true,
    });
  });

  it.each<[string, readonly Account[], boolean]>([
    ['alone', [], true],
    ['beside another', [account('deputy', { serverAdmin: true })], false],
    ['beside a locked one', [account('deputy', { serverAdmin: true, locked: true })], true],
    [
      'beside a deactivated one',
      [account('deputy', { serverAdmin: true, deactivated: true })],
      true,
    ],
    ['beside the bot', [account('bot', { serverAdmin: true })], true],
    ['beside ordinary accounts', [account('bob')], true],
  ])('a server admin %s', async (_name, others, last) => {
    expect(await read('chief', chief, ...others)).toMatchObject({
      serverAdmin: true,
      lastServerAdmin: last,
    });
  });
});
