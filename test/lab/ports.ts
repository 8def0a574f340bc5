import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { LabError } from './failure.ts';

/** Below the range from which Linux gives out the ports of outgoing connections (32768 on). */
const lowest = 20_000;
const highest = 32_000;

/** Processes that give out ports at the same time: the workers of the tests, and what starts them. */
const shares = 8;

/** Which of them this one is. */
const share = (): number => Number(process.env['VITEST_POOL_ID'] ?? 0) % shares;

/** Given out already. It stays that for a program that is down for a restart just now. */
const given = new Set<number>();

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    probe.listen(port, '127.0.0.1', () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });

/**
 * A loopback port that nobody listens on now, for a program that must be told its port.
 *
 * Not "bind 0 and close": such a port lies in the range of outgoing connections, so while a
 * server is down for a restart any client could take it. Each worker of the tests has its own
 * ports and gives none of them out twice, so that no lab takes that of another one meanwhile.
 */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = shares * randomInt(lowest / shares, highest / shares) + share();
    // After very many there are none that were never given out.
    if (given.has(port) && attempt < 100) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new LabError(`no free loopback port found between ${lowest} and ${highest}`);
};
