import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { userCommands } from '../../../../src/commands/nouns/user.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { parseLocalpart } from '../../../../src/core/ids.ts';
import type { Role } from '../../../../src/core/roles.ts';
import { handClock } from '../../platform/store/state-folder.ts';
import { FakeDirectory, FakeTokens } from './fake-home.ts';
import { field, setStage, textOf } from './stage.ts';

const name = parseLocalpart;
const alice = name('alice');
const unreachable = new AppError('E_ADMIN_API_UNREACHABLE', { url: 'x', reason: null });
const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;

function set(roles: Readonly<Record<string, Role>> = {}) {
  const clock = handClock();
  const users = new FakeDirectory(clock, 'x.org');
  users.put(name('root-admin'), { serverAdmin: true });
  users.put(name('root-admin-2'), { serverAdmin: true });
  const scenery = {
    users,
    registrationTokens: new FakeTokens(),
    clock,
    serverName: 'x.org',
    roles,
  };
  return { clock, users, stage: setStage(scenery) };
}

describe('user add (fake home server)', () => {
  it('makes an account whose password only the code opens', async () => {
    const { users, stage } = set();
    const { report, done, plan } = await stage.as('operator').run('user add alice');
    const password = stage.open(done).reveal();
    expect(users.get(alice)).toMatchObject({ password, displayName: 'alice', serverAdmin: false });
    expect(textOf(report)).toContain('@alice:x.org was made');
    const shownCode = z.string().parse(field(report, 'secret_code'));
    expect(textOf(report)).toContain(`sudo urtc secret show ${shownCode}`);
    expect(JSON.stringify([report, done, plan])).not.toContain(password);
  });

  it('takes a full id of this home server, and no other server’s', async () => {
    const { users, stage } = set();
    await stage.run('user add @alice:x.org --display-name="Alice A."');
    expect(users.get(alice).displayName).toBe('Alice A.');
    await expect(stage.run('user add @bob:y.org')).rejects.toThrow(code('E_USER_OTHER_SERVER'));
    expect(users.accounts.has(name('bob'))).toBe(false);
  });

  it('[#12] makes a server admin only for rank admin or owner', async () => {
    const { users, stage } = set();
    for (const rank of ['admin', 'owner'] as const) {
      await stage.as(rank).run(`user add a-${rank} --admin`);
      expect(users.get(name(`a-${rank}`)).serverAdmin).toBe(true);
    }
    const low = stage.as('operator').run('user add a-operator --admin');
    await expect(low).rejects.toThrow(code('E_ROLE_TOO_LOW'));
    expect(users.accounts.has(name('a-operator'))).toBe(false);
  });

  it('[#37] does not hand an account to an operator whose name has a role already', async () => {
    const { users, stage } = set({ boss: 'admin', mate: 'operator', guest: 'viewer' });
    for (const each of ['boss', 'mate']) {
      await expect(stage.as('operator').run(`user add ${each}`)).rejects.toThrow(
        code('E_ACCOUNT_PROTECTED_RANK'),
      );
      expect(users.accounts.has(name(each))).toBe(false);
    }
    await stage.as('operator').run('user add guest');
    await stage.as('admin').run('user add mate');
  });

  it('[#17] leaves alone what came into being after the plan', async () => {
    const { users, stage } = set();
    const work = stage.run('user add alice', () => {
      users.put(alice, { password: 'hers', displayName: 'Her' });
      return Promise.resolve();
    });
    await expect(work).rejects.toThrow(code('E_USER_EXISTS'));
    expect(users.get(alice)).toMatchObject({ password: 'hers', displayName: 'Her' });
    await expect(stage.run('user add alice')).rejects.toThrow(code('E_USER_EXISTS'));
  });

  it.each(['seal', 'make-account', 'set-password', 'set-display-name', 'grant-admin'])(
    '[#5] killed before or after %s ends as if nothing had happened',
    async (step) => {
      for (const when of ['before', 'after'] as const) {
        const { users, stage } = set();
        const crashed = await stage.crash('user add alice --display-name=A --admin', step, when);
        const { done } = await crashed.resume();
        expect(users.get(alice)).toMatchObject({
          ...{ password: stage.open(done).reveal(), displayName: 'A', serverAdmin: true },
        });
      }
    },
  );

  it('[#5] does not take an account for its own that somebody else made in the meantime', async () => {
    const foreign = [
      { createdAt: Date.UTC(2023, 10, 14, 22, 14, 30) },
      { lastSeenAt: 1_700_000_001_000 },
      { displayName: 'Alice by hand' },
      { serverAdmin: true },
      { createdAt: null },
    ];
    for (const facts of foreign) {
      const { users, stage } = set();
      const crashed = await stage.crash('user add alice', 'make-account', 'before');
      users.put(alice, { password: 'hers', ...facts });
      expect(await crashed.settle()).toMatchObject({
        ...{ state: 'unknown', why: { key: 'user.add.maybe' } },
      });
      expect(users.get(alice).password).toBe('hers');
    }
  });
});

describe('user password (fake home server)', () => {
  it('sets what was sealed, and says what became of the devices', async () => {
    const { users, stage } = set();
    users.put(alice);
    const { done, report } = await stage.run('user password alice');
    expect(users.get(alice).password).toBe(stage.open(done).reveal());
    expect(textOf(report)).toContain('logged out');
    const kept = await stage.run('user password alice --keep-devices');
    expect(textOf(kept.report)).toContain('stay logged in');
  });

  it('[#19] is set again after a lost answer, and says so where it can’t be told', async () => {
    const { users, stage } = set();
    users.put(alice);
    users.failNext = { error: unreachable, done: true, times: 1 };
    const { done } = await stage.run('user password alice');
    expect(users.get(alice).password).toBe(stage.open(done).reveal());
    users.failNext = { error: unreachable, done: false, times: 2 };
    const unsure = stage.run('user password alice');
    await expect(unsure).rejects.toThrow(code('E_USER_PASSWORD_UNSURE'));
    const forbidden = new AppError('E_ADMIN_API_FORBIDDEN');
    users.failNext = { error: forbidden, done: false, times: 1 };
    await expect(stage.run('user password alice')).rejects.toBe(forbidden);
  });

  it('[#5] killed at any point ends with the password that the code opens', async () => {
    for (const step of ['seal', 'set-password']) {
      for (const when of ['before', 'after'] as const) {
        const { users, stage } = set();
        users.put(alice);
        const { done } = await (await stage.crash('user password alice', step, when)).resume();
        expect(users.get(alice).password).toBe(stage.open(done).reveal());
      }
    }
  });

  it('[#5] goes no further with a password that has expired meanwhile', async () => {
    const { clock, users, stage } = set();
    users.put(alice, { password: 'old' });
    const crashed = await stage.crash('user password alice', 'set-password', 'before');
    clock.time += 2 * 60 * 60 * 1000;
    await expect(crashed.resume()).rejects.toThrow(code('E_SECRET_CODE_UNKNOWN'));
    expect(users.get(alice).password).toBe('old');
  });
});

describe('changes of an account (fake home server)', () => {
  const changes = [
    ['user lock alice', 'lock', {}, { locked: true }],
    ['user unlock alice', 'unlock', { locked: true }, { locked: false }],
    ['user admin alice on', 'set-admin', {}, { serverAdmin: true }],
    [
      'user rename alice Alice the First',
      'set-display-name',
      {},
      { displayName: 'Alice the First' },
    ],
    ['user deactivate alice', 'deactivate', {}, { deactivated: true, erased: false }],
    ['user deactivate alice --erase', 'deactivate', {}, { deactivated: true, erased: true }],
    [
      ...(['user deactivate alice --erase', 'deactivate'] as const),
      ...[{ deactivated: true }, { deactivated: true, erased: true }],
    ],
    ['user reactivate alice', 'bring-back', { deactivated: true }, { deactivated: false }],
  ] as const;

  it.each(changes)('%s', async (line, _step, before, after) => {
    const { users, stage } = set();
    users.put(alice, before);
    const { plan, report } = await stage.run(line);
    expect(users.get(alice)).toMatchObject(after);
    expect(textOf(plan.shown)).toContain('@alice:x.org');
    expect(report[0]).toMatchObject({ type: 'outcome', outcome: 'ok' });
  });

  it.each(changes)('[#5] %s, killed before or after %s', async (line, step, before, after) => {
    for (const when of ['before', 'after'] as const) {
      const { users, stage } = set();
      users.put(alice, before);
      const crashed = await stage.crash(line, step, when);
      expect((await crashed.settle()).state).toBe(when === 'after' ? 'done' : 'not-done');
      await crashed.resume();
      expect(users.get(alice)).toMatchObject(after);
    }
  });

  it('of one that does not exist, or is in the wrong state, are refused when they are planned', async () => {
    const { users, stage } = set();
    users.put(name('gone'), { deactivated: true, erased: true });
    users.put(alice);
    const cases = [
      ...userCommands
        .filter(({ words }) => !['add', 'list', 'show'].includes(words[1] ?? ''))
        .map(({ words }) => {
          const rest = { admin: ' on', rename: ' New Name' }[words[1] ?? ''] ?? '';
          return [`${words.join(' ')} nobody${rest}`, 'E_USER_UNKNOWN'] as const;
        }),
      ...(['password gone', 'lock gone', 'admin gone on', 'rename gone X'] as const).map(
        (words) => [`user ${words}`, 'E_USER_DEACTIVATED'] as const,
      ),
      ['user deactivate gone', 'E_USER_DEACTIVATED_ALREADY'],
      ['user deactivate gone --erase', 'E_USER_DEACTIVATED_ALREADY'],
      ['user reactivate alice', 'E_USER_ACTIVE'],
      ['user lock @alice:y.org', 'E_USER_OTHER_SERVER'],
    ] as const;
    expect(cases).toHaveLength(15);
    for (const [line, refusal] of cases) {
      await expect(stage.plan(line), line).rejects.toThrow(code(refusal));
    }
  });

  it('[#17] of one that was deactivated after the plan are not made', async () => {
    for (const line of ['user password alice', 'user lock alice', 'user rename alice X']) {
      const { users, stage } = set();
      users.put(alice, { password: 'old' });
      const work = stage.run(line, () => users.deactivate(alice, { erase: false }));
      await expect(work).rejects.toThrow(code('E_USER_DEACTIVATED'));
      expect(users.get(alice)).toMatchObject({ password: null, locked: false });
    }
  });

  it('[#17] freeze what was shown, but not when the person was last seen', async () => {
    const { users, stage } = set();
    users.put(alice, { lastSeenAt: 1 });
    const first = await stage.plan('user deactivate alice');
    users.put(alice, { ...users.get(alice), lastSeenAt: 2 });
    expect((await stage.plan('user deactivate alice')).facts).toEqual(first.facts);
    for (const facts of [{ displayName: 'B' }, { serverAdmin: true }, { locked: true }]) {
      users.put(alice, { lastSeenAt: 1, ...facts });
      expect((await stage.as('owner').plan('user deactivate alice')).facts).not.toEqual(
        first.facts,
      );
    }
  });

  it('where erasing can’t be seen is unknown after a crash', async () => {
    const { users, stage } = set();
    users.put(alice);
    const crashed = await stage.crash('user deactivate alice --erase', 'deactivate', 'after');
    const silent = { ...users.get(alice) };
    Reflect.deleteProperty(silent, 'erased');
    users.accounts.set(alice, silent);
    expect(await crashed.settle()).toMatchObject({ state: 'unknown' });
  });

  it('bring back a locked account locked, and say so', async () => {
    const { users, stage } = set();
    users.put(alice, { deactivated: true, locked: true });
    const { report, done } = await stage.run('user reactivate alice');
    expect(textOf(report)).toContain('still locked');
    expect(users.get(alice)).toMatchObject({ locked: true, password: stage.open(done).reveal() });
  });

  it('tell that the id itself never changes', async () => {
    const { users, stage } = set();
    users.put(alice);
    const { plan, report } = await stage.run('user rename alice Alicia');
    for (const nodes of [plan.shown, report]) expect(textOf(nodes)).toContain('can never change');
  });
});

describe('reading accounts (fake home server)', () => {
  it('shows one with its role, and nothing of others', async () => {
    const { users, stage } = set({ alice: 'operator' });
    users.put(alice, { locked: true, lastSeenAt: 5 });
    const nodes = await stage.as('viewer').read('user show @alice:x.org');
    expect(field(nodes, 'state')).toEqual({ key: 'user.state.locked' });
    expect(field(nodes, 'role')).toEqual({ key: 'role.operator' });
    expect(field(nodes, 'last_seen')).toEqual({ moment: 5 });
    await expect(stage.read('user show nobody')).rejects.toThrow(code('E_USER_UNKNOWN'));
  });

  it('pages, counts, and gives the command for the next page', async () => {
    const { users, stage } = set();
    for (let i = 0; i < 60; i += 1) users.put(name(`u${String(i).padStart(2, '0')}`));
    users.put(name('u-gone'), { deactivated: true });
    const first = await stage.as('viewer').read('user list u');
    expect([field(first, 'total'), field(first, 'pages')]).toEqual([60, 3]);
    expect(textOf(first)).toContain('`!user list --page=2 u`');
    const last = await stage.read('user list u --limit=20 --page=4 --all');
    expect(field(last, 'total')).toBe(61);
    expect(last.flatMap((node) => (node.type === 'table' ? node.rows : []))).toHaveLength(1);
    expect(textOf(last)).not.toContain('next page');
    await expect(stage.read('user list u --page=9')).rejects.toMatchObject({
      code: 'E_USER_PAGE_BEYOND',
      params: { page: 9, last: 3, command: 'user list --page=3 u' },
    });
    expect(field(await stage.read('user list "no such"'), 'total')).toBe(0);
  });
});
