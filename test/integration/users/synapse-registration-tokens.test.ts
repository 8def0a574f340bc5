import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/core/errors.ts';
import { Secret } from '../../../src/core/secret.ts';
import { rawRequest } from '../../lab/http.ts';
import { startHome, type Home } from './home.ts';

let home: Home;
beforeAll(async () => {
  home = await startHome('users-tokens');
});
afterAll(() => home.stop());

const sessionAnswer = z.object({ session: z.string() });

/** Registers as a person with a token does; returns the status. */
async function registerWith(token: Secret<string>, username: string): Promise<number> {
  const ask = (auth?: object) =>
    rawRequest(home.lab.synapse.baseUrl, {
      method: 'POST',
      path: '/_matrix/client/v3/register',
      body: { username, password: `${username}-password-1`, auth },
    });
  const { session } = sessionAnswer.parse(await (await ask()).json());
  const stage = await ask({
    ...{ type: 'm.login.registration_token', token: token.reveal(), session },
  });
  if (stage.status === 200) return 200;
  return (await ask({ type: 'm.login.dummy', session })).status;
}

describe('a registration token', () => {
  it('is made, found, listed, used up and revoked', async () => {
    const token = new Secret(`t-${randomUUID()}`);
    const expiresAt = Date.now() + 86_400_000;
    expect(await home.tokens.find(token)).toBeNull();
    await home.tokens.create({ token, usesAllowed: 1, expiresAt });
    const fresh = { usesAllowed: 1, pending: 0, completed: 0, expiresAt };
    expect(await home.tokens.find(token)).toMatchObject(fresh);

    expect(await registerWith(token, 'invited')).toBe(200);
    expect(await registerWith(token, 'too-late')).toBe(401);
    const listed = (await home.tokens.list()).filter(
      (each) => each.token.reveal() === token.reveal(),
    );
    expect(listed).toMatchObject([{ ...fresh, completed: 1 }]);

    await home.tokens.revoke(token);
    expect(await home.tokens.find(token)).toBeNull();
  });

  it('may be made without any limit', async () => {
    const token = new Secret(`t-${randomUUID()}`);
    await home.tokens.create({ token, usesAllowed: null, expiresAt: null });
    expect(await home.tokens.find(token)).toMatchObject({ usesAllowed: null, expiresAt: null });
  });

  it('is made once, however often the same is asked for; another one of its name is refused', async () => {
    const token = new Secret(`t-${randomUUID()}`);
    const wanted = { token, usesAllowed: 3, expiresAt: null };
    await home.tokens.create(wanted);
    await home.tokens.create(wanted);
    const other = home.tokens.create({ ...wanted, usesAllowed: 4 });
    await expect(other).rejects.toMatchObject({ code: 'E_ADMIN_API_ANSWER' });
  });

  it('[#25] does not stand in any error, although Synapse repeats it in its answers', async () => {
    const token = new Secret(`t-${randomUUID()}`);
    await home.tokens.create({ token, usesAllowed: 3, expiresAt: null });
    const proxied = home.connect({ url: home.lab.proxy.baseUrl });
    home.lab.proxy.add({
      match: { path: /registration_tokens/ },
      fault: {
        action: 'status',
        status: 500,
        body: { errcode: 'M_UNKNOWN', error: token.reveal() },
      },
      times: 1,
    });
    const missing = new Secret(`gone-${randomUUID()}`);
    const failures = [
      () => home.tokens.create({ token, usesAllowed: 4, expiresAt: null }),
      () => home.tokens.create({ token: missing, usesAllowed: 4, expiresAt: 1 }),
      () => home.tokens.create({ token: new Secret('ü/?#'), usesAllowed: 4, expiresAt: null }),
      () => home.tokens.revoke(missing),
      () => proxied.tokens.find(token),
    ];
    for (const fail of failures) {
      const error: unknown = await fail().catch((thrown: unknown) => thrown);
      if (!(error instanceof AppError)) throw new Error('no AppError');
      const said = JSON.stringify([error, error.message, error.params, String(error.cause)]);
      for (const secret of [token, missing]) expect(said).not.toContain(secret.reveal());
    }
  });

  it('[#11] named like a step in a path is that token and nothing else', async () => {
    for (const odd of ['.', '..', '~', '-', '--x']) {
      const token = new Secret(odd);
      await home.tokens.create({ token, usesAllowed: 2, expiresAt: null });
      expect((await home.tokens.find(token))?.token.reveal()).toBe(odd);
      await home.tokens.revoke(token);
      await expect(home.tokens.revoke(token)).rejects.toMatchObject({ code: 'E_TOKEN_UNKNOWN' });
    }
    for (const bad of ['', 'a/b', '../x', '$(x)', '; rm', 'a?b#c', 'x'.repeat(65)]) {
      expect(await home.tokens.find(new Secret(bad)).catch(() => null)).toBeNull();
      const made = home.tokens.create({ token: new Secret(bad), usesAllowed: 1, expiresAt: null });
      await expect(made).rejects.toMatchObject({ code: 'E_ADMIN_API_ANSWER' });
    }
  });
});
