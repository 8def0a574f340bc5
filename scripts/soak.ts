/** `npm run soak`: the destructive tests with their full counts; `npm test` runs a tenth of them. */
import { spawnSync } from 'node:child_process';

// With Synapse as it was released: `npm test` has one that leaves out what only its operators want.
const env = { ...process.env, URTC_SOAK: '1', URTC_LAB_SYNAPSE: 'stock' };

// One after the other: the two want different numbers of workers.
const ended = ['integration', 'unit'].map((project) =>
  spawnSync('vitest', ['run', '--project', project, '--testNamePattern', 'soak:'], {
    stdio: 'inherit',
    env,
  }),
);
process.exitCode = ended.every(({ status }) => status === 0) ? 0 : 1;
