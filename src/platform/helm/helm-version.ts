import { execFile } from 'node:child_process';
import { systemCode } from '../system-failure.ts';

/** The PATH without the folder that we happen to stand in: there anybody's `helm` may lie. */
function safePath(): string {
  const folders = (process.env['PATH'] ?? '').split(':').filter((each) => each.startsWith('/'));
  return folders.length === 0 ? '/usr/local/bin:/usr/bin:/bin' : folders.join(':');
}

/** It answers in some milliseconds, also on a slow disk; ms. */
const patienceMs = 3000;

/**
 * Version of the `helm` on this machine's PATH, e.g. `v4.2.4`, or what it says instead; null: there
 * is none, or it does not answer. Asks no cluster.
 */
export function installedHelm(signal?: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const options = {
      ...{ timeout: patienceMs, maxBuffer: 64 * 1024, windowsHide: true },
      // Nothing of ours belongs into another program, secrets in the environment least of all.
      env: { PATH: safePath(), HELM_NO_PLUGINS: '1' },
      ...(signal === undefined ? {} : { signal }),
    };
    execFile('helm', ['version', '--short'], options, (error, stdout) => {
      if (signal?.aborted === true) {
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        return;
      }
      if (error !== null && systemCode(error) === 'ENOENT') resolve(null);
      else resolve(error === null ? stdout.trim().slice(0, 100) : null);
    });
  });
}
