import { setTimeout as delay } from 'node:timers/promises';
import type { ExecRequest } from './execution.ts';

/**
 * Runs its arguments with a leash: `$1` is a limit and `$2` a silence in seconds, the rest the
 * program. A line on stdin is a heartbeat; when stdin ends, as it does where a kubelet loses the
 * connection, or nothing came for the silence (half-open connections; kwok never ends stdin), the
 * program gets TERM, and KILL 7 s later. POSIX sh only; a container without `timeout` has no limit
 * and hears only the end of stdin. The leash itself holds neither stdout nor stderr, or the exec
 * would not end before it does.
 */
const leash = `
limit=$1
silence=$2
shift 2
exec 3<&0
if command -v timeout >/dev/null 2>&1; then
  heard() { timeout "$silence" sh -c 'read -r _' <&3; }
  set -- timeout -k 5 "$limit" "$@"
else
  heard() { read -r _ <&3; }
fi
"$@" </dev/null 3<&- &
child=$!
{
  while heard; do :; done
  kill -TERM "$child"
  sleep 7
  kill -KILL "$child"
} >/dev/null 2>&1 &
guard=$!
exec 3<&-
wait "$child"
code=$?
kill -KILL "$guard" 2>/dev/null
exit "$code"
`;

const defaultSilenceMs = 30_000;

const seconds = (ms: number): string => String(Math.ceil(ms / 1000));

/** What is really started for a request. */
export interface Guarded {
  readonly command: readonly string[];
  /** What is sent to stdin; undefined: it has none. Ends, or throws, when `stop` is aborted. */
  readonly stdin: ((stop: AbortSignal) => AsyncIterable<Uint8Array>) | undefined;
}

/** Puts the guard in front of a request's command. */
export function guarded({ command, stdin, orphanGuard }: ExecRequest): Guarded {
  const own = stdin === undefined ? undefined : () => stdin;
  switch (orphanGuard.is) {
    case 'none':
      return { command, stdin: own };
    case 'limit': {
      const bounded = ['timeout', '-k', '5', seconds(orphanGuard.limitMs), ...command];
      return { command: bounded, stdin: own };
    }
    case 'stdin': {
      if (stdin !== undefined) throw new TypeError('stdin is the leash: nothing else can go there');
      const { limitMs, silenceMs = defaultSilenceMs } = orphanGuard;
      const script = ['sh', '-c', leash, 'urtc', seconds(limitMs), seconds(silenceMs)];
      // Some may be late or lost before one is missed.
      return { command: [...script, ...command], stdin: (stop) => heartbeat(silenceMs / 6, stop) };
    }
    default:
      return orphanGuard satisfies never;
  }
}

const beat = Buffer.from('\n');

async function* heartbeat(everyMs: number, stop: AbortSignal): AsyncGenerator<Uint8Array> {
  while (!stop.aborted) {
    yield beat;
    await delay(everyMs, undefined, { signal: stop, ref: false });
  }
}
