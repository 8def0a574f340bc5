/** Anything that ends the demo from outside. */
export interface Stopping {
  /** Aborted when the demo is to stop; its reason is a short text for people. */
  readonly signal: AbortSignal;
  /** What the process should then exit with. */
  readonly exitCode: () => number;
  /** Ends the demo in an orderly way. Asked for a second time by a signal: at once. */
  stop(reason: string, exitCode: number): void;
}

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

/** One Ctrl-C comes twice: from the terminal and by npm, which hands it on. */
const onePressMs = 1000;

/**
 * Listens to everything that may end the demo: signals, a reader of its output that goes away, and
 * the end of the npm that started it (`kill -9` of npm tells its children nothing).
 */
export const watchForStop = (): Stopping => {
  const controller = new AbortController();
  let code = 0;
  let stoppedAt = 0;
  const stop = (reason: string, exitCode: number): void => {
    if (controller.signal.aborted) return;
    code = exitCode;
    stoppedAt = performance.now();
    controller.abort(reason);
  };
  for (const [name, exitCode] of signals) {
    process.on(name, () => {
      const isSecond = controller.signal.aborted && performance.now() - stoppedAt > onePressMs;
      // What is left then is ended by the kernel (die-with-parent.py, launch.py).
      if (isSecond) process.exit(exitCode);
      stop(name, exitCode);
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      stop('nobody reads the output any more', 1);
    });
  }
  if (process.env['npm_lifecycle_event'] !== undefined) {
    const starter = process.ppid;
    const look = setInterval(() => {
      if (process.ppid !== starter) stop('npm has gone', 129);
    }, 250);
    look.unref();
  }
  return { signal: controller.signal, exitCode: () => code, stop };
};

/** Thrown by {@link unlessStopped}. */
export class Stopped extends Error {
  override name = 'Stopped';
}

/**
 * Waits for work, but no longer than until the demo is to stop.
 *
 * @throws Stopped with the reason; the work itself goes on, and what comes of it is not told.
 */
export const unlessStopped = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  let listener: () => void = () => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    listener = () => {
      reject(new Stopped(String(signal.reason)));
    };
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener);
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', listener);
  }
};
