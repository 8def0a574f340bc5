import type { ObjectRef } from '../objects.ts';

/**
 * What ends a process in the pod whose connection was cut. A kubelet does not: it closes the streams
 * and lets the process run, and one that writes into a closed stream may wait for ever: a `pg_dump`
 * left so holds its locks, and the next migration of the database waits for them.
 * - `stdin`: it is started through a shell in the container that listens to a heartbeat of ours on
 *   stdin and ends the process (TERM, 7 s later KILL) when stdin ends or nothing came for
 *   `silenceMs` (default 30 s), or after `limitMs`. Needs `sh` there, and `timeout` (coreutils or
 *   BusyBox) for silence and limit. Only for a process that reads nothing itself.
 * - `limit`: it is started through `timeout`, which ends it after `limitMs`. For a process that reads
 *   stdin. Mind that a cut looks to it like the end of its input: send a length or a last line.
 * - `none`: it ends by itself when its streams break, or may run on.
 */
export type OrphanGuard =
  | { readonly is: 'stdin'; readonly limitMs: number; readonly silenceMs?: number }
  | { readonly is: 'limit'; readonly limitMs: number }
  | { readonly is: 'none' };

/** A process that is started in a container, without a terminal. */
export interface ExecRequest extends ObjectRef {
  readonly container: string;
  /** Program and arguments; no shell reads them. */
  readonly command: readonly [string, ...string[]];
  /** What it reads; its end is the process's end of file. Left out: it has no stdin. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly orphanGuard: OrphanGuard;
}

/** How a process ended. Any code counts as an end; only a missing one is an error. */
export interface ExecResult {
  readonly exitCode: number;
  /** The last 64 KiB of what it wrote there, as text. */
  readonly stderr: string;
}

/** A process that runs in a container. */
export interface Execution {
  /**
   * What it writes, as it comes; the socket is paused while nobody reads. Read it to its end: as
   * long as something is unread, `result` stays open.
   */
  readonly stdout: AsyncIterable<Uint8Array>;
  /**
   * Resolves only with a Status frame of the API server. Throws `E_KUBERNETES_EXEC_CUT` where the
   * connection ended without one, `E_KUBERNETES_EXEC_FAILED` where the process could not be
   * started, or the signal's reason.
   */
  readonly result: Promise<ExecResult>;
}
