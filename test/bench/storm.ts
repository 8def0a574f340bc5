/**
 * A sender that posts as Alertmanager does in a storm: each post on a connection of its own, all within
 * a short time. A process of its own, so that it waits for nobody. Prints as JSON, a line each, when it
 * began (ms since the epoch) and how long each post took until its status was there (ms). By
 * environment: PORT, TOKEN, COUNT, OVER_MS, NAME (of the alerts).
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { posted, postedAlert } from '../unit/bot/alerts/payloads.ts';

const environment = z.object({
  PORT: z.coerce.number().int(),
  TOKEN: z.string(),
  COUNT: z.coerce.number().int(),
  OVER_MS: z.coerce.number(),
  NAME: z.string(),
});
const { PORT, TOKEN, COUNT, OVER_MS, NAME } = environment.parse(process.env);

/** After so many storms into a sink the sender itself takes 4 ms of the slowest posts, before it 30. */
const warmRounds = 5;
const warmPosts = 500;

const requestOf = (nth: number): string => {
  const labels = { alertname: `${NAME}${nth}`, severity: 'warning' };
  const body = JSON.stringify(
    posted({
      groupKey: `{}:{alertname="${NAME}${nth}"}`,
      groupLabels: labels,
      alerts: [postedAlert({ labels, fingerprint: nth.toString(16).padStart(16, '0') })],
    }),
  );
  return [
    'POST /alerts/alertmanager HTTP/1.1',
    `Host: 127.0.0.1:${PORT}`,
    'User-Agent: Alertmanager/0.34.0',
    `Authorization: Bearer ${TOKEN}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
};

const post = (port: number, request: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.setNoDelay(true);
    socket.once('data', (answer) => {
      const status = answer.toString('latin1').slice(9, 12);
      if (status === '200') resolve(performance.now() - began);
      else reject(new Error(`a post was answered with ${status}`));
      socket.destroy();
    });
    socket.once('error', reject);
  });

const send = async (port: number, count: number, overMs: number): Promise<number[]> => {
  const requests = Array.from({ length: count }, (_, nth) => requestOf(nth));
  const posts: Promise<number>[] = [];
  const began = performance.now();
  for (const [nth, request] of requests.entries()) {
    // Asleep, not turning: a sender that burns a processor takes it from whom it measures.
    const early = (nth * overMs) / count - (performance.now() - began);
    if (early > 0) await pause(early);
    posts.push(post(port, request));
  }
  return Promise.all(posts);
};

/** Alertmanager is compiled when it starts; V8 compiles while it runs, and that is none of the bot's. */
const warmUp = async (): Promise<void> => {
  const sink = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    // The sender leaves without a word.
    socket.once('error', () => socket.destroy());
  });
  await once(sink.listen(0, '127.0.0.1'), 'listening');
  const address = sink.address();
  if (address === null || typeof address === 'string') throw new Error('the sink has no port');
  for (let round = 0; round < warmRounds; round += 1) await send(address.port, warmPosts, 200);
  sink.close();
};

await warmUp();
process.stdout.write(`${Date.now()}\n`);
process.stdout.write(`${JSON.stringify(await send(PORT, COUNT, OVER_MS))}\n`);
