import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { LabError } from '../lab/failure.ts';

/** A storm as Alertmanager makes one with `group_by: ['...']` (alerts-monitoring §1.2). */
export const stormPosts = 500;
/** So long do they come, ms. */
export const stormMs = 200;

/** Whom the posts are for, and what their alerts are called. */
export interface StormTarget {
  readonly port: number;
  readonly token: string;
  readonly name: string;
}

/** A storm whose first post is on its way. */
export interface Storm {
  /** When it was sent, ms since the epoch. */
  readonly beganAt: number;
  /** How long each post took until it was accepted, ms. Rejects where one was not. */
  readonly took: Promise<readonly number[]>;
}

const moment = z.number();
const durations = z.array(z.number());

/** Starts a sender (storm.ts); resolves when it is warm and begins. */
export const beginStorm = async (
  { port, token, name }: StormTarget,
  { count = stormPosts, overMs = stormMs } = {},
): Promise<Storm> => {
  const file = join(import.meta.dirname, 'storm.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{ PORT: String(port), TOKEN: token, NAME: name },
      ...{ COUNT: String(count), OVER_MS: String(overMs) },
    },
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(() => {
    if (child.exitCode !== 0) throw new LabError(`the storm '${name}' was not accepted`);
  });
  await Promise.race([once(reader, 'line'), ended]);
  const took = ended.then(() => durations.parse(JSON.parse(lines[1] ?? '')));
  return { beganAt: moment.parse(JSON.parse(lines[0] ?? '')), took };
};
