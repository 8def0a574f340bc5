import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LabError } from '../failure.ts';
import { within } from '../wait.ts';
import type { Installation } from './install.ts';

/** Where this run's nursery listens (nursery.py); null where it has none. */
export const nurserySocket = (): string | null => process.env['URTC_LAB_SYNAPSE_NURSERY'] ?? null;

/**
 * Starts a nursery for this process and all that it starts from now on. It ends with this
 * process; the returned function ends it in order.
 *
 * @throws LabError when it does not come up.
 */
export const openNursery = async ({ python }: Installation): Promise<() => Promise<void>> => {
  const folder = mkdtempSync(join(tmpdir(), 'urtc-nursery-'));
  const socket = join(folder, 'socket');
  const child = spawn(python, ['-I', join(import.meta.dirname, 'nursery.py'), socket], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const silenced = ended.then(() => {
    throw new LabError('the nursery of Synapse ended while it started');
  });
  await within('the nursery of Synapse', Promise.race([once(lines, 'line'), silenced]), 60_000);
  process.env['URTC_LAB_SYNAPSE_NURSERY'] = socket;
  return async () => {
    delete process.env['URTC_LAB_SYNAPSE_NURSERY'];
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
};
