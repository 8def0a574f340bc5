import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { parseLocalpart } from '../../../src/core/ids.ts';
import { Secret } from '../../../src/core/secret.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { freePort } from '../../lab/ports.ts';
import { until } from '../../lab/wait.ts';
import { startHome, type Home } from './home.ts';

let home: Home;
beforeAll(async () => {
  home = await startHome('users-failures');
});
afterAll(() => home.stop());

const name = parseLocalpart('urtc');
const failureOf = async (work: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await work.then(
    () => 'went through',
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw new Error(`no AppError: ${String(error)}`);
};

/** A web server that is no Synapse, for one test. */
async function answering(listener: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port }: AddressInfo = address;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('the admin credential', () => {
  it('that is unknown, an ordinary account’s, or a locked admin’s is E_ADMIN_API_FORBIDDEN', async () => {
    const { synapse, botAccount } = home.lab;
    const locked = await register(synapse.baseUrl, { localpart: 'locked-admin', admin: true });
    await home.users.setLocked(parseLocalpart('locked-admin'), true);
    for (const token of ['not-a-token', botAccount.accessToken, locked.accessToken]) {
      const { users, tokens } = home.connect({ token: new Secret(token) });
      const works = [
        () => users.find(name),
        () => users.list({ includeDeactivated: true, limit: 1, offset: 0 }),
        () => users.create(parseLocalpart('made-by-nobody')),
        () => users.setServerAdmin(name, true),
        () => tokens.list(),
        () => tokens.create({ token: new Secret('x'), usesAllowed: 1, expiresAt: null }),
      ];
      for (const work of works) {
        expect((await failureOf(work())).code).toBe('E_ADMIN_API_FORBIDDEN');
      }
    }
    expect(await home.users.find(parseLocalpart('made-by-nobody'))).toBeNull();
  });

  it('that is right is not blamed for what the home server forbids to admins, too', async () => {
    const proxied = home.connect({ url: home.lab.proxy.baseUrl });
    home.lab.proxy.add({
      match: { method: 'POST', path: /reset_password/ },
      fault: {
        ...{ action: 'status', status: 403 },
        body: { errcode: 'M_FORBIDDEN', error: 'Password change disabled' },
      },
      times: 1,
    });
    const failure = await failureOf(
      proxied.users.setPassword(name, new Secret('x'), { logOutDevices: true }),
    );
    expect(failure).toMatchObject({
      code: 'E_ADMIN_API_ANSWER',
      params: { status: '403', reason: 'M_FORBIDDEN Password change disabled' },
    });
  });

  it('[#25] stands in no error', async () => {
    const failure = await failureOf(home.connect({ token: new Secret('s3cret') }).users.find(name));
    expect(JSON.stringify([failure, failure.message, failure.stack])).not.toContain('s3cret');
  });

  it('may not be demoted by itself: Synapse’s own words are passed on', async () => {
    const failure = await failureOf(home.users.setServerAdmin(parseLocalpart('urtc-admin'), false));
    expect(failure).toMatchObject({ code: 'E_ADMIN_API_ANSWER', params: { status: '400' } });
    expect(failure.params['reason']).toContain('You may not demote yourself');
  });
});

describe('an answer', () => {
  it('that nobody gives is E_ADMIN_API_UNREACHABLE with the reason', async () => {
    const dead = home.connect({ url: `http://127.0.0.1:${await freePort()}` });
    expect(await failureOf(dead.users.find(name))).toMatchObject({
      code: 'E_ADMIN_API_UNREACHABLE',
      params: { reason: { key: 'adminApi.refused' } },
    });
  });

  it('that does not come in time is given up after the limit', async () => {
    const proxied = home.connect({ url: home.lab.proxy.baseUrl, timeoutMs: 300 });
    home.lab.proxy.add({ fault: { action: 'hang' }, times: 1 });
    const start = performance.now();
    expect(await failureOf(proxied.users.find(name))).toMatchObject({
      code: 'E_ADMIN_API_UNREACHABLE',
      params: { reason: { key: 'adminApi.tooSlow', params: { limit: { span: 300 } } } },
    });
    expect(performance.now() - start).toBeLessThan(15_000);
    home.lab.proxy.cut();
  });

  it('that drips in forever is given up after the same limit', async () => {
    const proxied = home.connect({ url: home.lab.proxy.baseUrl, timeoutMs: 300 });
    home.lab.proxy.add({ fault: { action: 'trickle', bytes: 1, everyMs: 50 }, times: 1 });
    const failure = await failureOf(proxied.users.find(name));
    expect(failure.params['reason']).toMatchObject({ key: 'adminApi.tooSlow' });
  });

  it('is no longer waited for once the caller gives up', async () => {
    const proxied = home.connect({ url: home.lab.proxy.baseUrl });
    const rule = home.lab.proxy.add({ fault: { action: 'hang' }, times: 1 });
    const giveUp = new AbortController();
    const why = new Error('cancelled by a person');
    const found = proxied.users.find(name, giveUp.signal);
    await until('the request', () => (rule.hits === 1 ? true : undefined), { timeoutMs: 60_000 });
    giveUp.abort(why);
    await expect(found).rejects.toBe(why);
    home.lab.proxy.cut();
  });

  it('whose connection breaks is asked for once more if that changes nothing', async () => {
    const proxied = home.connect({ url: home.lab.proxy.baseUrl });
    const rule = home.lab.proxy.add({ fault: { action: 'dropRequest' }, times: 1 });
    expect(await proxied.users.find(name)).not.toBeNull();
    expect(rule.hits).toBe(1);
    home.lab.proxy.add({ match: { method: 'PUT' }, fault: { action: 'dropResponse' }, times: 1 });
    const failure = await failureOf(proxied.users.setServerAdmin(name, true));
    expect(failure.code).toBe('E_ADMIN_API_UNREACHABLE');
    expect((await home.users.find(name))?.serverAdmin).toBe(true);
    await home.users.setServerAdmin(name, false);
  });

  it('of a 5xx is an error of the home server, or of what stands before it', async () => {
    const proxied = home.connect({ url: home.lab.proxy.baseUrl });
    for (const [status, code] of [
      [500, 'E_ADMIN_API_ANSWER'],
      [502, 'E_ADMIN_API_UNREACHABLE'],
      [503, 'E_ADMIN_API_UNREACHABLE'],
      [504, 'E_ADMIN_API_UNREACHABLE'],
    ] as const) {
      home.lab.proxy.add({ fault: { action: 'status', status }, times: 1 });
      expect((await failureOf(proxied.users.find(name))).code).toBe(code);
    }
  });

  it('of a web page, wrong JSON, a redirect or a flood is not believed', async () => {
    const cases: readonly (readonly [RequestListener, object])[] = [
      [
        (_request, response) => response.end('<html>Welcome to nginx</html>'),
        { status: '200', reason: { key: 'adminApi.notJson' } },
      ],
      [
        (_request, response) => response.writeHead(404).end('<html>not here</html>'),
        { status: '404', reason: null },
      ],
      [
        (_request, response) =>
          response
            .writeHead(404)
            .end('{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}'),
        { status: '404', reason: 'M_UNRECOGNIZED Unrecognized request' },
      ],
      [
        (_request, response) => response.end('{"name":7}'),
        { status: '200', reason: { key: 'adminApi.shape' } },
      ],
      [
        (_request, response) =>
          response.writeHead(302, { location: home.lab.synapse.baseUrl }).end(),
        { status: '302', reason: { key: 'adminApi.failed' } },
      ],
    ];
    for (const [listener, params] of cases) {
      await using server = await answering(listener);
      const { users } = home.connect({ url: server.url });
      const failure = await failureOf(users.find(name));
      expect(failure).toMatchObject({ code: 'E_ADMIN_API_ANSWER', params });
    }
    await using flood = await answering((_request, response) => {
      response.end(Buffer.alloc(70_000, 'x'));
    });
    const { users } = home.connect({ url: flood.url, maxBytes: 65_536 });
    expect(await failureOf(users.find(name))).toMatchObject({
      code: 'E_ADMIN_API_UNREACHABLE',
      params: { reason: { key: 'adminApi.tooLong' } },
    });
  });

  it('comes from below a path, where the home server is behind one', async () => {
    const seen: string[] = [];
    await using server = await answering((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(404).end('{"errcode":"M_NOT_FOUND"}');
    });
    const { users } = home.connect({ url: `${server.url}/matrix/` });
    expect(await users.find(parseLocalpart('a/../b'))).toBeNull();
    expect(seen).toEqual(['/matrix/_synapse/admin/v2/users/%40a%2F%2E%2E%2Fb%3Alab%2Etest']);
  });
});
