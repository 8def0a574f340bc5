import type { ExecRequest } from './execution.ts';

/**
 * Runs its arguments with a leash: `$1` is a limit in seconds, the rest the program. A kubelet
 * closes stdin when the connection ends, and the read of the leash ends with it; then the program
 * gets TERM, and KILL 7 s later. `read` is part of the shell: ending the leash leaves no process
 * behind. POSIX sh only (dash and BusyBox ash were tried); `timeout` of coreutils or BusyBox bounds
 * the time even where the node never hears that the connection is gone.
 */
const leash = `
limit=$1
shift
exec 3<&0
if command -v timeout >/dev/null 2>&1; then set -- timeout -k 5 "$limit" "$@"; fi
"$@" </dev/null 3<&- &
child=$!
{
  while read -r _; do :; done <&3
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

/** What is really started for a request, and whether it needs stdin. */
export function guarded({ command, stdin, orphanGuard }: ExecRequest): {
  readonly command: readonly string[];
  readonly usesStdin: boolean;
} {
  switch (orphanGuard.is) {
    case 'none':
      return { command, usesStdin: stdin !== undefined };
    case 'limit': {
      const seconds = String(Math.ceil(orphanGuard.limitMs / 1000));
      const bounded = ['timeout', '-k', '5', seconds, ...command];
      return { command: bounded, usesStdin: stdin !== undefined };
    }
    case 'stdin': {
      if (stdin !== undefined) throw new TypeError('stdin is the leash: nothing else can go there');
      const seconds = String(Math.ceil(orphanGuard.limitMs / 1000));
      return { command: ['sh', '-c', leash, 'urtc', seconds, ...command], usesStdin: true };
    }
    default:
      return orphanGuard satisfies never;
  }
}
