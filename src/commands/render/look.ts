/** What the reader's terminal can show. */
export interface TerminalLook {
  readonly colour: boolean;
  /** Columns; null where the output is no terminal: nothing is wrapped then. */
  readonly width: number | null;
}

/** Narrower terminals are treated as this wide: they wrap by themselves. */
const narrowestTerminal = 20;
/** Where the terminal does not say. */
const usualTerminal = 80;

/** A terminal that was never given a size (`script`, some serial lines) says 0. */
function columnsOf({ columns = 0 }: { readonly columns?: number }): number {
  return columns > 0 ? columns : usualTerminal;
}

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
  const width = tty ? Math.max(narrowestTerminal, columnsOf(stream)) : null;
  return { colour, width };
}
