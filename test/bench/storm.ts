/**
 * A sender that posts as Alertmanager does in a storm: each post on a connection of its own, all within
 * a short time. A process of its own, so that it waits for nobody. Prints how long each took until its
 * status was there, ms, as JSON. By environment: PORT, TOKEN, COUNT, OVER_MS, NAME (of the alerts).
 */
import { connect } from 'node:net';
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

const post = (request: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = connect(PORT, '127.0.0.1', () => socket.write(request));
    socket.setNoDelay(true);
    socket.once('data', (answer) => {
      const status = answer.toString('latin1').slice(9, 12);
      if (status === '200') resolve(performance.now() - began);
      else reject(new Error(`a post was answered with ${status}`));
      socket.destroy();
    });
    socket.once('error', reject);
  });

const requests = Array.from({ length: COUNT }, (_, nth) => requestOf(nth));
const posts: Promise<number>[] = [];
const began = performance.now();
for (const [nth, request] of requests.entries()) {
  // Asleep, not turning: a sender that burns a processor takes it from whom it measures.
  const early = (nth * OVER_MS) / COUNT - (performance.now() - began);
  if (early > 0) await pause(early);
  posts.push(post(request));
}
process.stdout.write(JSON.stringify(await Promise.all(posts)));
