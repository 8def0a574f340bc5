import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/commands/actor.ts';
import {
  guardAccount,
  readGuardedAccount,
  type GuardedAccount,
  type GuardedAction,
} from '../../../src/commands/guard.ts';
import { parseLocalpart, parseUserId } from '../../../src/core/ids.ts';
import { say } from '../../../src/core/text.ts';
import { translate } from '../../../src/core/words/translate.ts';
import type { Account } from '../../../src/platform/users/user-directory.ts';
import { caught } from './caught.ts';
import { account, directory } from './made-up-accounts.ts';

const botUser = parseUserId('@bot:x.org');
const anna: Actor = { kind: 'person', user: parseUserId('@anna:x.org'), rank: 'admin' };
const otto: Actor = { kind: 'person', user: parseUserId('@otto:x.org'), rank: 'operator' };
const root: Actor = { kind: 'local', login: 'root', rank: 'owner' };
const bob: GuardedAccount = {
  user: parseUserId('@bob:x.org'),
  role: null,
  serverAdmin: false,
  lastServerAdmin: false,
  lastAdminPerson: false,
};
const line = 'user lock bob';
const action: GuardedAction = {
  ...{ actor: anna, account: bob, botUser, line },
  ...{ keepsAccess: false, keepsLogin: false, byOwnClient: false },
};

function verdict(
  actor: Actor,
  facts: Partial<GuardedAccount>,
  keepsAccess = false,
  keepsLogin = keepsAccess,
): string {
  const run = (): void =>
    guardAccount({ ...action, actor, account: { ...bob, ...facts }, keepsAccess, keepsLogin });
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
      'E_ACCOUNT_LAST_ROLE_ADMIN',
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

  it('the last admin of the bot, where only a right on the home server goes', () => {
    const lastOne = { role: 'admin', lastAdminPerson: true } as const;
    expect(verdict(root, lastOne, false, true)).toBe('allowed');
    expect(
      verdict(root, { ...lastOne, serverAdmin: true, lastServerAdmin: true }, false, true),
    ).toBe('E_ACCOUNT_LAST_ADMIN');
  });

  const self = parseUserId('@anna:x.org');
  const admin = { user: self, role: 'admin' } as const;
  it.each<[string, Actor, Partial<GuardedAccount>, Partial<GuardedAction>, RegExp]>([
    [
      'a server admin',
      anna,
      { serverAdmin: true },
      {},
      /^Only root .*: `sudo urtc user lock bob`\.$/,
    ],
    [
      'the last server admin',
      anna,
      { serverAdmin: true, lastServerAdmin: true },
      {},
      /^Only root .*: first `!user admin NAME on`.* then `sudo urtc user lock bob`/,
    ],
    [
      'an operator',
      otto,
      { role: 'operator' },
      {},
      /higher role can, or root .*`sudo urtc user lock bob`/,
    ],
    [
      'the last admin of the bot',
      otto,
      { role: 'admin', lastAdminPerson: true },
      {},
      /: first another person under `people`.*`!config reload`.* then `sudo urtc/,
    ],
    ['oneself', anna, admin, {}, /^Root can do it .*: `sudo urtc user lock bob`/],
    [
      'oneself by a client',
      anna,
      admin,
      { byOwnClient: true },
      /^Your own client .* Root can do it/,
    ],
    [
      'oneself as the last one',
      anna,
      { ...admin, lastAdminPerson: true },
      { byOwnClient: true },
      /^Root can do it .*: first another person under `people`/,
    ],
    [
      'oneself as the last one of both kinds',
      anna,
      { ...admin, lastAdminPerson: true, serverAdmin: true, lastServerAdmin: true },
      {},
      /: first `!user admin NAME on` and another person under `people`/,
    ],
    [
      'the last server admin by root',
      root,
      { serverAdmin: true, lastServerAdmin: true },
      {},
      /^Make another account one first: `!user admin NAME on`/,
    ],
    [
      'the last admin of the bot by root',
      root,
      { role: 'admin', lastAdminPerson: true },
      {},
      /^First put another person under `people` .*`role: admin`, then run `!config reload`/,
    ],
  ])('shows the way that is open: %s', (_name, actor, facts, kept, way) => {
    const account = { ...bob, ...facts };
    const { code, params } = caught(() => guardAccount({ ...action, ...kept, actor, account }));
    expect(params['account']).toBe(account.user);
    expect(translate(say(`${code}.next`, params), 'en')).toMatch(way);
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
