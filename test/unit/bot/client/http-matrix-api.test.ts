import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { explainFailure, MatrixFailure } from '../../../../src/bot/client/failure.ts';
import { connect } from '../../../../src/bot/client/http-call.ts';
import { createMatrixApi } from '../../../../src/bot/client/http-matrix-api.ts';
import { parseRoomId } from '../../../../src/core/ids.ts';
import { Secret } from '../../../../src/core/secret.ts';

const room = parseRoomId('!a/b:lab.test');

/** A home server that answers everything in one way. */
async function serve(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  return createMatrixApi(connect({ url, accessToken: new Secret('token-in-the-header') }));
}

const failureOf = async (call: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof MatrixFailure ? error.failure : error;
};

test('puts the token into the header, and ids and words into the URL safely (fake server)', async () => {
  const seen: (string | undefined)[] = [];
  const api = await serve((request, response) => {
    seen.push(request.url, request.headers.authorization);
    response.end('{"event_id":"$sent"}');
  });
  expect(await api.send(room, 'm.x/y', 'txn?1', { body: 'hi' })).toBe('$sent');
  expect(seen).toEqual([
    '/_matrix/client/v3/rooms/!a%2Fb%3Alab.test/send/m.x%2Fy/txn%3F1',
    'Bearer token-in-the-header',
  ]);
});

test('keeps its connections (fake server)', async () => {
  const ports = new Set<number | undefined>();
  const api = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.end('{"versions":["v1.11"]}');
  });
  for (let i = 0; i < 20; i += 1) await api.versions();
  // undici opens a second one where the first is just being handed back.
  expect(ports.size).toBeLessThanOrEqual(2);
});

test('an answer that is not what the spec promises is malformed, not a crash (fake server)', async () => {
  const api = await serve((_request, response) => response.end('{"event_id":7}'));
  expect(await failureOf(api.send(room, 'm', 't', {}))).toMatchObject({ kind: 'malformed' });
  expect(await failureOf(api.whoami())).toMatchObject({ kind: 'malformed' });
  expect(await failureOf(api.joinedRooms())).toMatchObject({ kind: 'malformed' });
});

test('an endless answer is cut off (fake server)', async () => {
  const api = await serve((_request, response) => {
    response.write('{"versions":["');
    const chunk = 'x'.repeat(1024 * 1024);
    const pump = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pump);
    pump();
  });
  expect(await failureOf(api.versions())).toMatchObject({ kind: 'malformed' });
});

test('a connection that is cut, or never made, is unreachable (fake server)', async () => {
  const api = await serve((request) => request.socket.destroy());
  expect(await failureOf(api.versions())).toMatchObject({ kind: 'unreachable' });
  const accessToken = new Secret('t');
  const nowhere = createMatrixApi(connect({ url: 'http://127.0.0.1:9', accessToken }));
  const failure = await failureOf(nowhere.versions());
  expect(failure).toMatchObject({ kind: 'unreachable' });
  expect(JSON.stringify(failure)).toMatch(/ECONNREFUSED|bad port/);
});

test('[#27] a token that was refused is not sent again, whoever asks and for whatever (fake server)', async () => {
  let asked = 0;
  const api = await serve((_request, response) => {
    asked += 1;
    response.writeHead(401).end('{"errcode":"M_UNKNOWN_TOKEN","error":"gone"}');
  });
  const refused = { kind: 'revoked', errcode: 'M_UNKNOWN_TOKEN' };
  expect(await failureOf(api.whoami())).toEqual(refused);
  expect(await failureOf(api.members(room))).toEqual(refused);
  expect(await failureOf(api.send(room, 'm', 't', {}))).toEqual(refused);
  expect(asked).toBe(1);
});

test('a redirect is not followed: the token stays here (fake server)', async () => {
  let asked = 0;
  const api = await serve((_request, response) => {
    asked += 1;
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  expect(await failureOf(api.versions())).toMatchObject({ kind: 'not-matrix' });
  expect(asked).toBe(1);
});

test('a sync that is aborted ends at once (fake server)', async () => {
  const api = await serve(() => undefined);
  const stop = new AbortController();
  const query = { since: 's1', timeoutMs: 30_000, timelineLimit: 5, isFresh: false };
  const call = failureOf(api.sync(query, stop.signal));
  stop.abort();
  expect(await call).toEqual({ kind: 'aborted' });
  expect(await failureOf(api.sync(query, stop.signal))).toEqual({ kind: 'aborted' });
});

test('a /sync answer is strict about its frame and lenient about its events (fake server)', async () => {
  const events = [null, 7, { event_id: '$a' }];
  const answers: unknown[] = [
    {
      next_batch: 's2',
      rooms: {
        join: { '!r:lab.test': { timeline: { events, limited: true, prev_batch: 'p' } }, bad: {} },
        invite: { '!i:lab.test': { invite_state: { events } } },
        leave: { '!l:lab.test': {} },
      },
    },
    { next_batch: 's3' },
    { rooms: {} },
    { next_batch: 's4', rooms: { join: { '!r:lab.test': { timeline: { events: 'none' } } } } },
  ];
  const api = await serve((_request, response) => response.end(JSON.stringify(answers.shift())));
  const query = { since: null, timeoutMs: 0, timelineLimit: 5, isFresh: true };
  const sync = () => api.sync(query, new AbortController().signal);
  const first = await sync();
  expect([...first.joined]).toEqual([['!r:lab.test', { events, limited: true, before: 'p' }]]);
  expect([...first.invited]).toEqual([['!i:lab.test', events]]);
  expect(first.left).toEqual(['!l:lab.test']);
  expect((await sync()).next).toBe('s3');
  expect(await failureOf(sync())).toMatchObject({ kind: 'malformed' });
  expect(await failureOf(sync())).toMatchObject({ kind: 'malformed' });
});

test('failures have codes for people', () => {
  const coded = (failure: ConstructorParameters<typeof MatrixFailure>[0]) =>
    explainFailure(new MatrixFailure(failure), 'http://lab.test');
  expect(coded({ kind: 'revoked', errcode: 'M_UNKNOWN_TOKEN' })).toMatchObject({
    code: 'E_TOKEN_REVOKED',
  });
  expect(coded({ kind: 'not-matrix', status: 200, reason: '<html>' })).toMatchObject({
    code: 'E_HOMESERVER_NOT_MATRIX',
  });
  expect(coded({ kind: 'unreachable', reason: 'ECONNREFUSED' })).toMatchObject({
    code: 'E_HOMESERVER_UNREACHABLE',
  });
  const other = new Error('other');
  expect(explainFailure(other, 'x')).toBe(other);
});
