import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openIntake, token } from './intake-fixture.ts';
import { posted } from './payloads.ts';

const requestTimeoutMs = 400;
const mebibyte = Buffer.alloc(1024 * 1024, 'x');

/** What a sender writes, piece by piece. */
type Script = Iterable<string | Buffer>;

const heads = (...more: readonly string[]): string =>
  [
    'POST /alerts/alertmanager HTTP/1.1',
    'Host: bot',
    'Content-Type: application/json',
    `Authorization: Bearer ${token}`,
    ...more,
    '\r\n',
  ].join('\r\n');

function* trickle(begin: string): Generator<string> {
  yield begin;
  for (let nth = 0; nth < 1000; nth += 1) yield ' ';
}

function* chunked(mebibytes: number): Generator<string | Buffer> {
  yield heads('Transfer-Encoding: chunked');
  for (let nth = 0; nth < mebibytes; nth += 1) {
    yield `${mebibyte.length.toString(16)}\r\n`;
    yield mebibyte;
    yield '\r\n';
  }
}

function* whole(mebibytes: number): Generator<string | Buffer> {
  yield heads(`Content-Length: ${mebibytes * mebibyte.length}`);
  for (let nth = 0; nth < mebibytes; nth += 1) yield mebibyte;
}

/** Writes all of it until the server ends the connection; returns what it said and after how long. */
async function talk(port: number, script: Script, gapMs: number, ends: boolean) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => {
    socket.destroy();
  });
  let said = '';
  socket.on('data', (part) => (said += part.toString('latin1')));
  const over = new AbortController();
  const closed = new Promise<void>((resolve) => {
    // A reset is an end, too: the server need not read what it has refused.
    for (const how of ['error', 'end', 'close']) {
      socket.on(how, () => {
        over.abort();
        resolve();
      });
    }
  });
  const began = performance.now();
  for (const part of script) {
    if (over.signal.aborted) break;
    if (!socket.write(part)) {
      const drained = new Promise((resolve) => socket.once('drain', resolve));
      await Promise.race([drained, closed]);
    }
    if (gapMs > 0) await pause(gapMs);
  }
  if (ends) socket.end();
  await closed;
  return { status: /^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? null, ms: performance.now() - began };
}

it.each<[string, Script, { status: RegExp; gapMs?: number; ends?: true; waits?: true }]>([
  ['says nothing', [], { status: /408|none/, waits: true }],
  ['half of its head', [heads().slice(0, 40)], { status: /408/, waits: true }],
  [
    'its head byte by byte',
    trickle(heads().slice(0, -4)),
    { status: /408/, gapMs: 20, waits: true },
  ],
  ['its head and nothing', [heads('Content-Length: 100')], { status: /408/, waits: true }],
  [
    'its body byte by byte',
    trickle(heads('Content-Length: 2000')),
    { status: /408/, gapMs: 20, waits: true },
  ],
  [
    'half of its body and hangs up',
    [heads('Content-Length: 100'), '{"version":"4"'],
    { status: /none|400/, ends: true },
  ],
  ['chunks of 6 MiB', chunked(6), { status: /413|none/ }],
  ['11 MiB', whole(11), { status: /413/ }],
])(
  '[#9] [#23] who sends %s is cut off in time, and the next good one is taken (real sockets, a limit of 400 ms)',
  async (_what, script, { status, gapMs = 0, ends = false, waits = false }) => {
    // Who is cut off for something else must not be so for the time that a busy machine takes.
    const limit = waits ? { requestTimeoutMs } : {};
    const { server, taken, counts } = openIntake(undefined, limit);
    const address = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
    const end = await talk(Number(address.port), script, gapMs, ends);
    expect(end.status ?? 'none').toMatch(status);
    expect(taken).toEqual([]);
    // Not before its time is over, where it might still come; and not much later.
    if (waits) expect(end.ms).toBeGreaterThan(requestTimeoutMs / 2);
    expect(end.ms).toBeLessThan(20_000);
    const answer = await fetch(new URL('/alerts/alertmanager', address), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(posted()),
    });
    expect(answer.status).toBe(200);
    expect(taken).toHaveLength(1);
    expect(counts).toMatchObject({ accepted: 1, deferred: 0 });
  },
);

it('[#9] ten seconds are the limit where nothing else is said', () => {
  const { server } = openIntake();
  const { requestTimeout, headersTimeout } = server.server;
  expect([requestTimeout, headersTimeout]).toEqual([10_000, 10_000]);
});
