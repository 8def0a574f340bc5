/** `hold-lock.ts FOLDER [wait]`: takes the lock, says so and keeps it until it is killed. */
import { AppError } from '../../../../../src/core/errors.ts';
import { acquireLock } from '../../../../../src/platform/store/lock.ts';

const [, , folder = '', mode] = process.argv;
const wait = {
  signal: AbortSignal.timeout(20_000),
  onWaiting: (holder: { readonly pid: number | null }) => console.log(`waiting ${holder.pid}`),
};
try {
  await acquireLock(folder, mode === 'wait' ? { wait } : {});
  // Nobody refers to the lock from here on: it must not be given back by the garbage collector.
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
  await new Promise((resolve) => setImmediate(resolve));
  console.log('held');
  setInterval(() => undefined, 1000);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.log(`${error.code} ${JSON.stringify(error.params['pid'])}`);
  process.exitCode = error.exitCode;
}
