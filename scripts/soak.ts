/** `npm run soak`: the destructive tests with their full counts; `npm test` runs a tenth of them. */
import { spawnSync } from 'node:child_process';

// One after the other: the two want different numbers of workers.
const ended = ['integration', 'unit'].map((project) =>
  spawnSync('vitest', ['run', '--project', project, '--testNamePattern', 'soak:'], {
    stdio: 'inherit',
    env: { ...process.env, URTC_SOAK: '1' },
  }),
);
process.exitCode = ended.every(({ status }) => status === 0) ? 0 : 1;
