import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Secret } from '../../../../src/core/secret.ts';
import { handClock } from '../../platform/store/state-folder.ts';
import { FakeDirectory, FakeTokens } from './fake-home.ts';
import { field, setStage, textOf } from './stage.ts';

const day = 86_400_000;
const handleOf = (value: unknown) => z.string().parse(value);
const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;

function set() {
  const clock = handClock();
  const registrationTokens = new FakeTokens();
  const users = new FakeDirectory(clock, 'x.org');
  const stage = setStage({ users, registrationTokens, clock, serverName: 'x.org' }, 'operator');
  return { clock, stage, tokens: registrationTokens.tokens };
}

describe('registration tokens (fake home server)', () => {
  it('are made for a week and one account, or as wished; only the code opens them', async () => {
    const { clock, stage, tokens } = set();
    const { report, done } = await stage.run('token create');
    const token = stage.open(done).reveal();
    expect(tokens.get(token)).toMatchObject({ usesAllowed: 1, expiresAt: clock.time + 7 * day });
    expect(JSON.stringify([report, done])).not.toContain(token);
    expect(textOf(report)).toContain('sudo urtc secret show');
    const other = await stage.run('token create --days=30 --uses=5 --note="Class 7b"');
    expect(tokens.get(stage.open(other.done).reveal())).toMatchObject({
      ...{ usesAllowed: 5, expiresAt: clock.time + 30 * day },
    });
    expect(field(other.report, 'note')).toBe('Class 7b');
  });

  it('are listed by handle, with their state and note, never themselves', async () => {
    const { clock, stage, tokens } = set();
    const { done, report } = await stage.run('token create --note=first');
    const token = stage.open(done).reveal();
    const listed = async () => textOf(await stage.as('viewer').read('token list'));
    const handle = handleOf(field(report, 'handle'));
    expect(await listed()).toContain(`${handle} · open · 0 · 1 · 0`);
    expect(await listed()).toContain('first');
    expect(await listed()).not.toContain(token);
    const stored = tokens.get(token);
    if (stored === undefined) throw new Error('no token');
    tokens.set(token, { ...stored, pending: 1 });
    expect(await listed()).toContain('used up');
    tokens.set(token, { ...stored, usesAllowed: 0 });
    expect(await listed()).toContain('open');
    clock.time += 8 * day;
    expect(await listed()).toContain('expired');
  });

  it.each(['seal', 'register', 'note'])(
    '[#5] killed before or after %s, one is made',
    async (step) => {
      for (const when of ['before', 'after'] as const) {
        const { stage, tokens } = set();
        const crashed = await stage.crash('token create --note=n', step, when);
        const { done, report } = await crashed.resume();
        expect([...tokens.keys()]).toEqual([stage.open(done).reveal()]);
        const list = textOf(await stage.read('token list'));
        expect(list).toContain(handleOf(field(report, 'handle')));
        expect(list).toContain(' · n');
      }
    },
  );

  it('[#5] whose code has expired since the crash are unknown', async () => {
    const { clock, stage } = set();
    const crashed = await stage.crash('token create', 'register', 'after');
    clock.time += 2 * 60 * 60 * 1000;
    expect(await crashed.settle()).toMatchObject({ state: 'unknown' });
  });

  it('are revoked by handle; gone after the plan is told', async () => {
    const { stage, tokens } = set();
    tokens.set('other', {
      ...{ token: new Secret('other'), usesAllowed: null, expiresAt: null },
      ...{ pending: 0, completed: 3 },
    });
    const handle = handleOf(field((await stage.run('token create')).report, 'handle'));
    for (const when of ['before', 'after'] as const) {
      const crashed = await stage.crash(`token revoke ${handle}`, 'revoke', when);
      expect((await crashed.settle()).state).toBe(when === 'after' ? 'done' : 'not-done');
    }
    expect([...tokens.keys()]).toEqual(['other']);
    const again = stage.run(`token revoke ${handle}`);
    await expect(again).rejects.toThrow(code('E_TOKEN_UNKNOWN'));
    const second = handleOf(field((await stage.run('token create')).report, 'handle'));
    const late = stage.run(`token revoke ${second.toUpperCase()}`, () => {
      tokens.clear();
      return Promise.resolve();
    });
    await expect(late).rejects.toThrow(code('E_TOKEN_UNKNOWN'));
  });
});
