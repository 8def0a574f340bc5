import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { LabError } from './failure.ts';

/** Below the range from which Linux gives out the ports of outgoing connections (32768 on). */
const lowest = 20_000;
const highest = 32_000;

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
 * server is down for a restart any client could take it. Two labs may still pick the same
 * port at once; who starts the program tries again with another one.
 */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
  throw new LabError(`no free loopback port found between ${lowest} and ${highest}`);
};
