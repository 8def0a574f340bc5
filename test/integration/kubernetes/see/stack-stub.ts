import { once } from 'node:events';
import { createServer } from 'node:http';

/** What a stub answers by path: a status and a body, or nothing at all (it never answers). */
export type Answers = Record<string, readonly [status: number, body: unknown] | 'silent'>;

/** Answers of a stack that is well. */
export const wellAnswers = (serverName: string): Answers => ({
  '/_matrix/client/versions': [200, { versions: ['v1.1', 'v1.15'] }],
  '/_matrix/federation/v1/version': [200, { server: { name: 'Synapse', version: '1.159.0' } }],
  '/_matrix/key/v2/server': [
    200,
    {
      server_name: serverName,
      valid_until_ts: Date.now() + 86_400_000,
      verify_keys: { 'ed25519:a_1': { key: 'x' } },
    },
  ],
  '/.well-known/matrix/client': [
    200,
    {
      'm.homeserver': { base_url: 'https://matrix.example.org:8443' },
      'org.matrix.msc4143.rtc_foci': [{ type: 'livekit', livekit_service_url: 'https://mrtc' }],
    },
  ],
  '/.well-known/matrix/server': [200, { 'm.server': 'matrix.example.org:8443' }],
  '/.well-known/openid-configuration': [200, { issuer: 'https://account.example.org:8443/' }],
  '/sfu/get': [405, 'Method Not Allowed'],
  '/config.json': [
    200,
    { default_server_config: { 'm.homeserver': { base_url: 'https://matrix.example.org:8443' } } },
  ],
});

/** A server on loopback that plays Synapse, MAS, HAProxy and the rest of the stack. */
export interface StackStub {
  readonly url: string;
  readonly port: number;
  readonly answers: Answers;
  /** Values of Host that it was asked with, by path. */
  readonly hosts: Map<string, string>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts one, on a free port. */
export async function startStackStub(serverName: string): Promise<StackStub> {
  const answers = wellAnswers(serverName);
  const hosts = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    hosts.set(path, request.headers.host ?? '');
    const answer = answers[path];
    if (answer === 'silent') return;
    const [status, body] = answer ?? [404, 'nothing here'];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stub has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    answers,
    hosts,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
