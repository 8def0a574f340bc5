/** What the reader's terminal can show. */
export interface TerminalLook {
  readonly colour: boolean;
  /** Columns; null where the output is no terminal: nothing is wrapped then. */
  readonly width: number | null;
}

/** Narrower terminals are treated as this wide: they wrap by themselves. */
const narrowestTerminal = 20;

/**
 * The look for a stream. Colour: never with `NO_COLOR` (no-color.org: set and not empty), else always
 * with `FORCE_COLOR` (set, neither empty nor `0`), else on a TTY whose `TERM` is not `dumb`.
 * `--no-color` is the caller's own `colour: false`.
 */
export function lookOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): TerminalLook {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
  const tty = stream.isTTY === true;
  const forced = isSet('FORCE_COLOR') && environment['FORCE_COLOR'] !== '0';
  const colour = !isSet('NO_COLOR') && (forced || (tty && environment['TERM'] !== 'dumb'));
  const width = tty ? Math.max(narrowestTerminal, stream.columns ?? 80) : null;
  return { colour, width };
}
