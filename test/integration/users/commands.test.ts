import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseLocalpart } from '../../../src/core/ids.ts';
import type { Account } from '../../../src/platform/users/user-directory.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { HttpFailure } from '../../lab/http.ts';
import { login } from '../../lab/synapse/accounts.ts';
import { field, setStage, textOf, type Stage } from '../../unit/commands/nouns/stage.ts';
import { startHome, type Home } from './home.ts';

let home: Home;
beforeAll(async () => {
  home = await startHome('users-commands');
});
afterAll(() => home.stop());

const stageOf = ({ users, tokens }: Pick<Home, 'users' | 'tokens'>): Stage =>
  setStage({
    ...{ users, registrationTokens: tokens, clock: systemClock },
    serverName: home.lab.synapse.serverName,
  });
const find = async (localpart: string): Promise<Account> => {
  const account = await home.users.find(parseLocalpart(localpart));
  if (account === null) throw new Error(`no account ${localpart}`);
  return account;
};
const opens = async (localpart: string, password: string): Promise<boolean> => {
  try {
    await login(home.lab.synapse.baseUrl, localpart, password);
    return true;
  } catch (error) {
    if (error instanceof HttpFailure) return false;
    throw error;
  }
};
let count = 0;
const newName = (): string => `person${(count += 1)}`;
const made = async (stage: Stage): Promise<string> => {
  const localpart = newName();
  await stage.run(`user add ${localpart}`);
  return localpart;
};

describe('account commands on a real home server', () => {
  it('make, show, list, change and end an account', async () => {
    const stage = stageOf(home);
    const name = newName();
    const added = await stage.run(`user add ${name} --display-name="Eins Zwei"`);
    expect(await opens(name, stage.open(added.done).reveal())).toBe(true);
    expect(await find(name)).toMatchObject({ displayName: 'Eins Zwei', serverAdmin: false });
    const shown = await stage.read(`user show ${name}`);
    expect(field(shown, 'display_name')).toBe('Eins Zwei');
    expect(textOf(await stage.read('user list "eins zw"'))).toContain(name);

    await stage.run(`user admin ${name} on`);
    expect((await find(name)).serverAdmin).toBe(true);
    await expect(stage.run(`user admin ${name} off`)).rejects.toMatchObject({
      code: 'E_ACCOUNT_PROTECTED_ADMIN',
    });
    await stage.as('owner').run(`user admin ${name} off`);
    expect((await find(name)).serverAdmin).toBe(false);

    const changed = await stage.run(`user password ${name}`);
    const second = stage.open(changed.done).reveal();
    expect(await opens(name, second)).toBe(true);
    await stage.run(`user lock ${name}`);
    expect(await opens(name, second)).toBe(false);
    await stage.run(`user unlock ${name}`);
    expect(await opens(name, second)).toBe(true);

    await stage.run(`user deactivate ${name}`);
    expect(await find(name)).toMatchObject({ deactivated: true, erased: false });
    const back = await stage.run(`user reactivate ${name}`);
    expect(await opens(name, stage.open(back.done).reveal())).toBe(true);
    await stage.run(`user rename ${name} Drei Vier`);
    expect((await find(name)).displayName).toBe('Drei Vier');
    await stage.run(`user deactivate ${name} --erase`);
    expect(await find(name)).toMatchObject({ deactivated: true, erased: true });
  });

  it('[#5] killed before or after any step of user add, end with the account that was wished for', async () => {
    const steps = ['seal', 'make-account', 'set-password', 'set-display-name', 'grant-admin'];
    for (const step of steps) {
      for (const when of ['before', 'after'] as const) {
        const stage = stageOf(home);
        const name = newName();
        const line = `user add ${name} --display-name=Name --admin`;
        const { done } = await (await stage.crash(line, step, when)).resume();
        expect(await find(name)).toMatchObject({ displayName: 'Name', serverAdmin: true });
        expect(await opens(name, stage.open(done).reveal())).toBe(true);
      }
    }
  });

  it('[#5] killed before or after any step of the others, end as if nothing had happened', async () => {
    const stage = stageOf(home);
    const cases = [
      ['user lock NAME', 'lock', [], { locked: true }],
      ['user unlock NAME', 'unlock', ['user lock NAME'], { locked: false }],
      ['user admin NAME on', 'set-admin', [], { serverAdmin: true }],
      ['user rename NAME New Name', 'set-display-name', [], { displayName: 'New Name' }],
      ['user deactivate NAME', 'deactivate', [], { deactivated: true, erased: false }],
      ['user deactivate NAME --erase', 'deactivate', [], { deactivated: true, erased: true }],
      ['user reactivate NAME', 'bring-back', ['user deactivate NAME'], { deactivated: false }],
      ['user reactivate NAME', 'set-password', ['user deactivate NAME'], { deactivated: false }],
      ['user password NAME', 'set-password', [], { deactivated: false }],
    ] as const;
    for (const [line, step, before, after] of cases) {
      for (const when of ['before', 'after'] as const) {
        const name = await made(stage);
        for (const first of before) await stage.run(first.replace('NAME', name));
        const crashed = await stage.crash(line.replace('NAME', name), step, when);
        const visible = step !== 'set-password' && when === 'after';
        expect((await crashed.settle()).state, line).toBe(visible ? 'done' : 'not-done');
        const { done } = await crashed.resume();
        expect(await find(name), line).toMatchObject(after);
        if ('seal' in done) expect(await opens(name, stage.open(done).reveal())).toBe(true);
      }
    }
  });

  it('[#19] told by the account itself where the answer was lost', async () => {
    const proxied = home.connect({ url: home.lab.proxy.baseUrl });
    const stage = stageOf(proxied);
    const name = newName();
    const crashed = await stage.crash(`user add ${name}`, 'make-account', 'before');
    home.lab.proxy.add({ match: { method: 'PUT' }, fault: { action: 'dropResponse' }, times: 1 });
    const lost = crashed.resume();
    await expect(lost).rejects.toMatchObject({ code: 'E_ADMIN_API_UNREACHABLE' });
    expect(await crashed.settle()).toEqual({ state: 'done', result: {} });
    const { done } = await crashed.resume();
    expect(await opens(name, stage.open(done).reveal())).toBe(true);

    const rule = home.lab.proxy.add({
      ...{ match: { path: /reset_password/ }, fault: { action: 'dropResponse' }, times: 1 },
    });
    const changed = await stage.run(`user password ${name}`);
    expect(rule.hits).toBe(1);
    expect(await opens(name, stage.open(changed.done).reveal())).toBe(true);
  });

  it('[#11] take a name that looks like an option or a path for the name that it is', async () => {
    const stage = stageOf(home);
    for (const odd of ['--admin', 'a/../b', '../../v1/x', '-']) {
      const { done } = await stage.run(`user add -- ${odd}`);
      expect(await find(odd)).toMatchObject({ userId: `@${odd}:lab.test`, serverAdmin: false });
      expect(await opens(odd, stage.open(done).reveal())).toBe(true);
      await stage.run(`user deactivate -- ${odd}`);
    }
    for (const bad of ['$(x)', '"; rm -rf /"', '`id`']) {
      await expect(stage.run(`user add ${bad}`)).rejects.toMatchObject({
        code: 'E_ARGUMENT_INVALID',
      });
    }
  });
});

describe('token commands on a real home server', () => {
  it('make, list and revoke tokens; killed at any step, one is made', async () => {
    const stage = stageOf(home);
    for (const step of ['seal', 'register', 'note']) {
      for (const when of ['before', 'after'] as const) {
        const line = 'token create --days=2 --uses=3 --note="a class"';
        const { done, report } = await (await stage.crash(line, step, when)).resume();
        const token = stage.open(done);
        const found = await home.tokens.find(token);
        expect(found).toMatchObject({ usesAllowed: 3, completed: 0 });
        const handle = z.string().parse(field(report, 'handle'));
        expect(textOf(await stage.read('token list'))).toContain(`${handle} · open`);
        await stage.run(`token revoke ${handle}`);
        expect(await home.tokens.find(token)).toBeNull();
      }
    }
    expect(await home.tokens.list()).toEqual([]);
  });
});
