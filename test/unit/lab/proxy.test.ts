import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startProxy, type FaultProxy } from '../../lab/proxy.ts';

/** What it has heard, in order. */
const heard: string[] = [];
const long = 'x'.repeat(1000);
let server: Server;
let proxy: FaultProxy;

beforeAll(async () => {
  server = createServer(({ method, url }, response) => {
    heard.push(`${method ?? ''} ${url ?? ''}`);
    if (url?.startsWith('/silent') === true) return;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ path: url, long }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  proxy = await startProxy(`http://127.0.0.1:${address.port}`);
});
afterEach(() => {
  proxy.clear();
  proxy.log.clear();
  heard.length = 0;
});
afterAll(async () => {
  await proxy.stop();
  server.close();
});

const get = (path: string): Promise<Response> => fetch(`${proxy.baseUrl}${path}`);

describe('the fault proxy', () => {
  it('passes status, body and query on unchanged', async () => {
    const response = await get('/a?b=%20c%2F');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ path: '/a?b=%20c%2F', long });
    expect(heard).toEqual(['GET /a?b=%20c%2F']);
  });

  it('cuts before the server hears it, or after', async () => {
    proxy.add({ match: { path: /^\/before$/ }, fault: { action: 'dropRequest' } });
    proxy.add({ match: { path: /^\/after$/ }, fault: { action: 'dropResponse' } });
    await expect(get('/before')).rejects.toThrow(TypeError);
    expect(heard).toEqual([]);
    await expect(get('/after')).rejects.toThrow(TypeError);
    expect(heard).toEqual(['GET /after']);
    expect(proxy.log.all().map(({ status }) => status)).toEqual(['cut', 'cut']);
  });

  it('answers by itself, with headers', async () => {
    proxy.add({
      fault: {
        action: 'status',
        status: 503,
        body: { error: 'x' },
        headers: { 'retry-after': '7' },
      },
    });
    const response = await get('/a');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '7']);
    expect(await response.json()).toEqual({ error: 'x' });
    expect(heard).toEqual([]);
  });

  it('acts as often as it was told, by the first rule that matches', async () => {
    const first = proxy.add({ fault: { action: 'status', status: 501 }, times: 2 });
    const second = proxy.add({
      match: { method: 'GET' },
      fault: { action: 'status', status: 502 },
    });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await get('/a')).status);
    expect(statuses).toEqual([501, 501, 502, 502]);
    expect([first.hits, second.hits]).toEqual([2, 2]);
    second.remove();
    expect((await get('/a')).status).toBe(200);
  });

  it('rolls the same dice for the same seed', async () => {
    const roll = async (seed: number): Promise<string> => {
      const rule = proxy.add({ fault: { action: 'status', status: 500 }, probability: 0.5, seed });
      let line = '';
      for (let i = 0; i < 20; i += 1) line += (await get('/a')).status === 500 ? 'x' : '.';
      rule.remove();
      return line;
    };
    const line = await roll(7);
    expect(line).toContain('x');
    expect(line).toContain('.');
    expect(await roll(7)).toBe(line);
    expect(await roll(8)).not.toBe(line);
  });

  it('delays before the server hears it', async () => {
    proxy.add({ fault: { action: 'delay', ms: 150 } });
    const start = performance.now();
    await get('/a');
    expect(performance.now() - start).toBeGreaterThan(145);
  });

  it('cuts in the middle of a body', async () => {
    proxy.add({ fault: { action: 'cutMidBody' } });
    const response = await get('/a');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow(TypeError);
  });

  it('lets a body trickle', async () => {
    proxy.add({ fault: { action: 'trickle', bytes: 100, everyMs: 10 } });
    const start = performance.now();
    expect(await (await get('/a')).json()).toEqual({ path: '/a', long });
    expect(performance.now() - start).toBeGreaterThan(90);
  });

  it('changes an answer on its way', async () => {
    proxy.add({ fault: { action: 'rewriteJson', change: () => ({ __proto__: null, other: 1 }) } });
    expect(await (await get('/a')).json()).toEqual({ other: 1 });
  });

  it('hangs until the client gives up, and notes that', async () => {
    proxy.add({ fault: { action: 'hang' } });
    const giveUp = new AbortController();
    // On a connection of its own: `fetch` would fail at once on one that the test before has cut.
    const { signal } = giveUp;
    const asking = request(`${proxy.baseUrl}/a`, { agent: false, signal }).end();
    const asked = expect(once(asking, 'response')).rejects.toThrow('aborted');
    await proxy.log.waitFor(({ path }) => path === '/a');
    giveUp.abort();
    await asked;
    await proxy.log.waitFor(({ status }) => status === 'gone');
    expect(heard).toEqual([]);
  });

  it('cuts a long poll that is under way when it begins to block', async () => {
    const poll = get('/silent');
    await proxy.log.waitFor(({ path }) => path === '/silent');
    proxy.block();
    await expect(poll).rejects.toThrow(TypeError);
    await expect(get('/a')).rejects.toThrow(TypeError);
    proxy.unblock();
    expect((await get('/a')).status).toBe(200);
  });

  it('syncs only: a rule on syncs leaves other requests alone', async () => {
    proxy.add({ fault: { action: 'rewriteSync', change: () => ({ next_batch: 'changed' }) } });
    expect(await (await get('/a')).json()).toEqual({ path: '/a', long });
    const sync = await get('/_matrix/client/v3/sync');
    expect(await sync.json()).toEqual({ next_batch: 'changed' });
  });

  it('answers a sync with the position from before', async () => {
    for (const since of ['s1', 's2', 's3']) await get(`/_matrix/client/v3/sync?since=${since}`);
    proxy.add({ fault: { action: 'rewindSync', by: 2 } });
    const sync = await get('/_matrix/client/v3/sync?since=s4');
    expect(await sync.json()).toEqual({ next_batch: 's2' });
  });

  it('records bodies and tells who waits for a request', async () => {
    const waiting = proxy.log.waitFor(({ path, status }) => path === '/put' && status === 200);
    const headers = { authorization: 'Bearer secret' };
    await fetch(`${proxy.baseUrl}/put`, { method: 'PUT', body: 'hello', headers });
    expect(await waiting).toMatchObject({ method: 'PUT', body: 'hello', token: 'secret' });
    expect(proxy.log.count({ method: 'PUT' })).toBe(1);
  });
});
