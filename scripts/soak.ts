/** `npm run soak`: the destructive tests with their full counts; `npm test` runs a tenth of them. */
import { spawnSync } from 'node:child_process';

const run = spawnSync('vitest', ['run', '--project', 'integration', '--testNamePattern', 'soak:'], {
  stdio: 'inherit',
  env: { ...process.env, URTC_SOAK: '1' },
});
process.exitCode = run.status ?? 1;
