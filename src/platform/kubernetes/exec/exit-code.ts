import { constants } from 'node:os';
import type { Status } from '../http/status.ts';

/** How Go's os.ProcessState writes a process's end. */
const ofExit = /exit status (\d{1,3})$/;
const ofSignal = /signal: ([a-z ]+?)(?: \(core dumped\))?$/;

/** Go's names of the signals that end a process (syscall, zerrors_linux_amd64.go). */
const signals: Readonly<Record<string, number>> = {
  hangup: constants.signals.SIGHUP,
  interrupt: constants.signals.SIGINT,
  quit: constants.signals.SIGQUIT,
  aborted: constants.signals.SIGABRT,
  killed: constants.signals.SIGKILL,
  'segmentation fault': constants.signals.SIGSEGV,
  'broken pipe': constants.signals.SIGPIPE,
  terminated: constants.signals.SIGTERM,
};

/**
 * Exit code in the Status of an exec; null: the process was not started, or nobody knows how it
 * ended. A kubelet says it in a cause (k8s.io/apimachinery, util/remotecommand: NonZeroExitCode,
 * ExitCode), kwok only in its words. 128 + N: ended by signal N.
 */
export function exitCodeOf(status: Status): number | null {
  if (status.status === 'Success') return 0;
  if (status.reason === 'NonZeroExitCode') {
    const cause = status.details?.causes.find((each) => each.reason === 'ExitCode');
    return cause !== undefined && /^\d{1,3}$/.test(cause.message) ? Number(cause.message) : null;
  }
  if (status.reason !== 'InternalError') return null;
  const code = ofExit.exec(status.message)?.[1];
  if (code !== undefined) return Number(code);
  const signal = signals[ofSignal.exec(status.message)?.[1] ?? ''];
  return signal === undefined ? null : 128 + signal;
}
