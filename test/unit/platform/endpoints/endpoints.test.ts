import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import { ClusterEndpoints } from '../../../../src/platform/endpoints/cluster-endpoints.ts';
import { FakeCluster } from '../../../fakes/cluster.ts';
import { fakeMeta, fakeService } from '../../../fakes/objects.ts';
import { fakeRelease } from '../../../fakes/release.ts';
import { FakeClock } from '../../commands/dispatch/fake-clock.ts';

async function serve(answer: (path: string, host: string) => string): Promise<number> {
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    if (url === '/silent') return;
    response.end(answer(url, headers.host ?? ''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function endpointsOf(
  cluster: FakeCluster | null,
  urls: Record<string, string> = {},
  inside = true,
) {
  const clock = new FakeClock(0);
  const isInside = (): boolean => inside;
  const made = new ClusterEndpoints({
    kubernetes: cluster,
    urls,
    clock,
    isInside,
    connectMs: 20_000,
  });
  onTestFinished(() => made.close());
  return made;
}

const code = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

/** A release whose MAS Service has this address. */
function withMasAt(address: string, port: number): FakeCluster {
  const cluster = fakeRelease();
  const name = 'matrix-authentication-service';
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': `ess-${name}` };
  const meta = fakeMeta(`ess-${name}`, labels);
  cluster.view.put('Service', fakeService(meta, [{ name: 'http', port }], { clusterIP: address }));
  return cluster;
}

describe('an endpoint (fake cluster)', () => {
  it('is where the config says, path in front included', async () => {
    const port = await serve((path, host) => `${path} ${host}`);
    const endpoints = endpointsOf(null, { mas: `http://127.0.0.1:${port}/auth` });
    const answer = await endpoints.ask('mas', { path: '/x?y=1', host: 'h.org', timeoutMs: 20_000 });
    expect(answer).toMatchObject({ status: 200, text: '/auth/x?y=1 h.org', way: 'config' });
  });

  it('is the address of its Service where that answers', async () => {
    const port = await serve(() => 'service');
    const cluster = withMasAt('127.0.0.1', port);
    const endpoints = endpointsOf(cluster);
    expect(endpoints.has('mas')).toBe(true);
    const answer = await endpoints.ask('mas', { path: '/', timeoutMs: 20_000 });
    expect(answer).toMatchObject({ text: 'service', way: 'service' });
    expect(cluster.calls).toEqual([]);
  });

  it('is reached through the API server where the address does not answer', async () => {
    const port = await serve((_path, host) => `forwarded for ${host}`);
    const cluster = withMasAt('127.0.0.1', 1);
    cluster.onDial = () => {
      const socket = connect(port, '127.0.0.1');
      return once(socket, 'connect').then(() => socket);
    };
    const endpoints = endpointsOf(cluster);
    const answer = await endpoints.ask('mas', { path: '/', timeoutMs: 20_000 });
    expect(answer.way).toBe('forward');
    expect(answer.text).toMatch(/^forwarded for ess-matrix-authentication-service/);
    expect(cluster.calls[0]).toMatchObject({
      method: 'dial',
      what: { service: { name: 'ess-matrix-authentication-service' }, port: 1 },
    });
  });

  it('is never the address of its Service from outside: there it may be anybody', async () => {
    const stranger = await serve(() => 'stranger');
    const port = await serve(() => 'forwarded');
    const cluster = withMasAt('127.0.0.1', stranger);
    cluster.onDial = () => {
      const socket = connect(port, '127.0.0.1');
      return once(socket, 'connect').then(() => socket);
    };
    const endpoints = endpointsOf(cluster, {}, false);
    expect(await endpoints.ask('mas', { path: '/', timeoutMs: 20_000 })).toMatchObject({
      ...{ text: 'forwarded', way: 'forward' },
    });
  });

  it('says the missing rule where nothing may be forwarded', async () => {
    const cluster = withMasAt('127.0.0.1', 1);
    const asked = endpointsOf(cluster).ask('mas', { path: '/', timeoutMs: 20_000 });
    expect(await code(asked)).toBe('E_KUBERNETES_FORBIDDEN');
  });

  it('that is neither named nor there is missing', async () => {
    const endpoints = endpointsOf(new FakeCluster());
    expect(endpoints.has('mas')).toBe(false);
    expect(await code(endpoints.ask('mas', { path: '/', timeoutMs: 9 }))).toBe(
      'E_ENDPOINT_MISSING',
    );
  });

  it('that never answers is given up in time, or when nobody wants to know any more', async () => {
    const port = await serve(() => '');
    const endpoints = endpointsOf(null, { mas: `http://127.0.0.1:${port}` });
    const begun = performance.now();
    const slow = endpoints.ask('mas', { path: '/silent', timeoutMs: 100 });
    expect(await code(slow)).toBe('E_ENDPOINT_UNREACHABLE');
    expect(performance.now() - begun).toBeLessThan(15_000);
    const stop = new AbortController();
    const asked = endpoints.ask('mas', { path: '/silent', timeoutMs: 9000, signal: stop.signal });
    stop.abort(new Error('enough'));
    expect(await code(asked)).toBe('Error: enough');
  });

  it('is not read beyond 1 MiB', async () => {
    const port = await serve(() => 'x'.repeat(3 * 1024 * 1024));
    const endpoints = endpointsOf(null, { mas: `http://127.0.0.1:${port}` });
    const { text } = await endpoints.ask('mas', { path: '/', timeoutMs: 20_000 });
    expect(text.length).toBeGreaterThanOrEqual(1024 * 1024);
    expect(text.length).toBeLessThan(2 * 1024 * 1024);
  });
});
